"""Other ways to the same answer, trained on the same split and measured in the same run.

Each module but `peer` and `known` has `prepare(context) -> list[Peer]`, which trains or builds what
it measures, and a loader that its entry names. A peer whose package is missing raises MissingPeer;
its row then says so, and the run goes on.
"""
