// Places for the sites of a grid: few stand on a circle, more are pulled by their links as by springs.

const rounds = 150;

/** A place in the unit square for each site, by name. Always the same for the same grid.
 *  Stress majorization (Gansner, Koren and North, *Graph Drawing by Stress Majorization*, 2004) from a circle, with
 *  distances in hops. */
export function placeSites(names, links) {
  const places = circle(names.length);
  if (names.length > 4 && names.length <= 150) majorize(places, distances(names, links));
  return new Map(fit(places).map((place, index) => [names[index], place]));
}

function circle(count) {
  if (count === 1) return [[0.5, 0.5]];
  // Three stand as a triangle on its base: labels of the links have room then.
  const turn = count === 2 ? Math.PI : -Math.PI / 2;
  return Array.from({ length: count }, (_, index) => {
    const angle = turn + (2 * Math.PI * index) / count;
    return [Math.cos(angle), Math.sin(angle)];
  });
}

function distances(names, links) {
  const numbers = new Map(names.map((name, index) => [name, index]));
  const neighbours = names.map(() => []);
  for (const { first, second } of links) {
    const [a, b] = [numbers.get(first), numbers.get(second)];
    if (a === undefined || b === undefined) continue;
    neighbours[a].push(b);
    neighbours[b].push(a);
  }
  return names.map((_, start) => {
    const distance = new Array(names.length).fill(Math.ceil(Math.sqrt(names.length)) + 1);
    distance[start] = 0;
    const queue = [start];
    const seen = new Set(queue);
    for (let head = 0; head < queue.length; head += 1) {
      for (const next of neighbours[queue[head]]) {
        if (seen.has(next)) continue;
        seen.add(next);
        distance[next] = distance[queue[head]] + 1;
        queue.push(next);
      }
    }
    return distance;
  });
}

function majorize(places, distance) {
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < places.length; i += 1) {
      let [x, y, weights] = [0, 0, 0];
      for (let j = 0; j < places.length; j += 1) {
        if (i === j) continue;
        const [dx, dy] = [places[i][0] - places[j][0], places[i][1] - places[j][1]];
        const length = Math.hypot(dx, dy) || 1e-6;
        const weight = 1 / distance[i][j] ** 2;
        x += weight * (places[j][0] + (distance[i][j] * dx) / length);
        y += weight * (places[j][1] + (distance[i][j] * dy) / length);
        weights += weight;
      }
      places[i] = [x / weights, y / weights];
    }
  }
}

function fit(places) {
  const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - top];
  return places.map(([x, y]) => [
    width > 1e-6 ? (x - left) / width : 0.5, height > 1e-6 ? (y - top) / height : 0.5,
  ]);
}
