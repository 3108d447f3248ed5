-- What wrk sends, and one JSON object of what came of it.
--   wrk … URL                               the URL, again and again
--   wrk … URL -- put FILE PREFIX            the requests of FILE (ended by zero octets), each under a name of its own
--   wrk … URL -- post FILE                  the bodies of FILE in turn, to the URL's path
local bodies, counter, prefix, mode = {}, 0, "", nil

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  for body in (text .. "\0"):gmatch("(%Z*)%z") do
    if #body > 0 then bodies[#bodies + 1] = body end
  end
end

function init(arguments)
  mode = arguments[1]
  if not mode then return end
  read(arguments[2])
  prefix = arguments[3]
  request = mode == "put" and put or post
end

function put()
  counter = counter + 1
  local name = prefix .. counter
  local body = bodies[counter % #bodies + 1]:gsub("placeholder", name, 1)
  return wrk.format("PUT", "/v1/infrastructures/" .. name, wrk.headers, body)
end

function post()
  counter = counter + 1
  return wrk.format("POST", wrk.path, wrk.headers, bodies[counter % #bodies + 1])
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "refused": %d, "broken": %d, "p50_ms": %f, "p99_ms": %f}\n',
    summary.requests, summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
