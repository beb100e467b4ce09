-- Claims KEYS[1] for the token ARGV[1], for ARGV[2] seconds. Returns 1 if it is this token's, now
-- or since an earlier try, and 0 if it is another's. So a claim can be sent again.
local holder = redis.call('GET', KEYS[1])
if holder then
  return {holder == ARGV[1] and 1 or 0}
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return {1}
