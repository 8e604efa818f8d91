"Laws that hold of any grammar, over a byte vocabulary."
from hypothesis import strategies as st


def holds_mask_is_what_the_tracker_allows(constraint, letters, data):
    "llguidance and the tracker read the same language, along a random way of at most 30 tokens."
    for _ in range(data.draw(st.integers(0, 30))):
        if constraint.done: return
        mask = constraint.mask()
        for token in range(256):
            if not letters.bytes_of(token): continue  # llguidance has no text with a zero byte
            assert mask[token] == (constraint._tracker.advance(letters.bytes_of(token)).cost < float('inf')), letters.bytes_of(token)
        constraint.push(data.draw(st.sampled_from(list(map(int, mask.nonzero()[0])))))
