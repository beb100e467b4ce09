-- Forgets what is owed.
return {redis.call('DEL', KEYS[1])}
