"""A Cloudflare in a box: a seeded account with weather, answered over the same API as the real one."""
