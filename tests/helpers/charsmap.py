"""Character maps in sentencepiece's binary format: how many bytes of trie, the double array of
Darts-clone, and the texts that it leads to, each with a NUL behind it."""

import struct

HAS_LEAF, ROW = 1 << 8, 256


def charsmap(texts):
    """texts: what is read -> what stands for it. Each node of the trie has a row of its own."""
    nodes = [{}]
    for key in texts:
        node = 0
        for byte in key.encode():
            if byte not in nodes[node]:
                nodes.append({})
                nodes[node][byte] = len(nodes) - 1
            node = nodes[node][byte]
        nodes[node][0] = key
    units = [0] * (ROW * (len(nodes) + 1))
    values, offsets = b"", {}
    for key, text in texts.items():
        offsets[key] = len(values)
        values += text.encode() + b"\0"

    def fill(place, label, node):
        """The unit of a node at a place, and those of all below it."""
        base = ROW * (node + 1)
        leads = place ^ base
        wide = leads >= 1 << 21
        offset = (leads >> 8 << 10 | 1 << 9) if wide else leads << 10
        assert not wide or leads % 256 == 0
        units[place] = offset | label | (HAS_LEAF if 0 in nodes[node] else 0)
        for byte, below in nodes[node].items():
            if byte == 0:
                units[base] = 1 << 31 | offsets[below]
            else:
                fill(base ^ byte, byte, below)

    fill(0, 0, 0)
    trie = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(trie)) + trie + values
