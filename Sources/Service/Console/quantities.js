// Quantities as the service writes them: `100Mbit/s`, `128MiB`, `0.5`; and numbers as people read them.

const decimal = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const binary = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50 };

/** The number in a quantity, in its base unit (bit/s, bytes, cores); NaN where it is none. */
export function amount(text) {
  if (typeof text === "number") return text;
  const match = /^([0-9]+(?:\.[0-9]+)?) ?(Ki|Mi|Gi|Ti|Pi|[kMGT]?)(bit\/s|B)?$/.exec(String(text ?? "").trim());
  if (!match) return NaN;
  return Number(match[1]) * (decimal[match[2]] ?? binary[match[2]]);
}

/** Three digits and a unit of 1000. */
export function rateText(bitsPerSecond) {
  return scaled(bitsPerSecond, 1000, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"]);
}

/** Three digits and a unit of 1024. */
export function bytesText(bytes) {
  return scaled(bytes, 1024, ["B", "KiB", "MiB", "GiB", "TiB"]);
}

function scaled(value, base, units) {
  if (!Number.isFinite(value)) return "–";
  let step = 0;
  while (value >= base * 0.9995 && step < units.length - 1) {
    value /= base;
    step += 1;
  }
  const digits = value === 0 || value >= 100 || step === 0 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits).replace(/\.0+$/, "")} ${units[step]}`;
}

/** A number with at most two decimals. */
export function numberText(value) {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : "–";
}

/** How much of something is taken, 0 ... 1; null where it is not limited. */
export function share(free, whole) {
  const [left, all] = [amount(free), amount(whole)];
  return Number.isFinite(left) && all > 0 ? Math.min(1, Math.max(0, 1 - left / all)) : null;
}

/** Seconds of a duration: a text such as `1h30m`, seconds, or high and low attoseconds as Swift writes them. */
export function seconds(duration) {
  if (typeof duration === "number") return duration;
  if (Array.isArray(duration)) return (Number(duration[0]) * 2 ** 64 + Number(duration[1])) / 1e18;
  const units = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600, d: 86400 };
  let sum = 0;
  for (const [, number, unit] of String(duration ?? "").matchAll(/([0-9.]+) ?(ns|us|ms|s|m|h|d)/g)) {
    sum += Number(number) * units[unit];
  }
  return sum;
}

/** A short duration: `3 ms`. */
export function latencyText(duration) {
  const value = seconds(duration);
  if (value === 0) return "0 ms";
  return value < 1e-3 ? `${numberText(value * 1e6)} µs` : value < 1 ? `${numberText(value * 1e3)} ms` : `${numberText(value)} s`;
}
