"What the tests are worth, measured: how much they run (cover), what they notice (mutate), and how often they say the same (flaky)."
