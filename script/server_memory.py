"""A server's memory under load, for script/load-test."""

import time

# A server that grows by more from when it is warm to the end keeps what it should give back.
MOST_GROWTH = 0.05


class MemoryWatch:
    """Samples a server's memory while it works, and compares the end with the time when it was warm.

    It is warm after a minute, or a quarter of a shorter run, and not before it has done `work` pieces of work: on a
    busy machine a minute is not enough for every thread to have met the longest text.
    """

    def __init__(self, server, length, work):
        self.server, self.length, self.work = server, length, work
        self.start = time.monotonic()
        # Seconds, pieces of work done, bytes of the process's own, and all that are resident.
        self.samples = []

    def watch(self, done):
        """Samples twice a second until the time is over; `done` counts the work.

        Returns whether the server is alive.
        """
        while (now := time.monotonic() - self.start) < self.length:
            if self.server.process.poll() is not None:
                return False
            self.samples.append((now, done(), *self.server.memory()))
            time.sleep(0.5)
        return True

    def report(self):
        """A line of figures, and what is wrong with them."""
        window = max(5.0, min(30.0, self.length / 8))
        soonest, latest = min(60.0, self.length / 4), self.length / 2
        warm = next((s[0] for s in self.samples if s[0] >= soonest and s[1] >= self.work), latest)
        wrong = []
        if warm >= latest:
            wrong.append(f"fewer than {self.work} pieces of work in half of the time: too few to judge memory by")
        early = [s for s in self.samples if warm <= s[0] < warm + window]
        late = [s for s in self.samples if s[0] > self.length - window]
        mean = lambda rows, column: sum(row[column] for row in rows) / max(1, len(rows)) / 1e6
        growth = mean(late, 3) / mean(early, 3) - 1 if early and late else 0.0
        if growth >= MOST_GROWTH:
            wrong.append(f"memory grew by {growth:.1%}")
        most = max((s[3] for s in self.samples), default=0) / 1e6
        line = (
            f"resident: {mean(early, 3):.1f} MB after {warm:.0f} s, {mean(late, 3):.1f} MB in the last {window:.0f} s "
            f"({growth:+.1%}), at most {most:.1f} MB; its own: {mean(early, 2):.1f}, then {mean(late, 2):.1f} MB")
        return line, wrong

    def write(self, path):
        """A line for each sample: seconds, work done, bytes of its own, bytes resident."""
        with open(path, "w") as file:
            file.writelines(f"{at:.1f}\t{done}\t{own}\t{resident}\n" for at, done, own, resident in self.samples)
