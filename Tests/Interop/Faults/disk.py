# SPDX-License-Identifier: Apache-2.0
"""What is on a disk after the power went away: which of the acts that faults.c logged have to be there, and which may be.

POSIX promises little: what was written to a file lasts once the file was synced, and that a name came or went lasts once
its folder was synced. Everything else may or may not have happened, in any order.
"""

import os
import shutil


class Disk:
    """Follows a log, beside the folder as it was before and as the program left it."""

    def __init__(self, before, after, log):
        self.before, self.after = str(before), str(after)
        # Names that last, and what is not sure: (folder, path, the file it stands for or None when it went).
        self.lasting, self.open = {}, []
        self.now, self.synced, self.born = {}, set(), 0
        for folder, _, names in os.walk(self.before):
            for name in names:
                path = os.path.join(self.after, os.path.relpath(os.path.join(folder, name), self.before))
                file = ("old", os.path.relpath(path, self.after))
                self.lasting[path] = self.now[path] = file
                self.synced.add(file)
        for line in log:
            self.follow(line.split())

    def follow(self, words):
        act = words[0]
        if act == "create":
            self.born += 1
            self.name(words[1], ("new", self.born))
        elif act == "write":
            self.synced.discard(self.now.get(words[1]))
        elif act == "sync":
            self.synced.add(self.now.get(words[1]))
        elif act == "rename":
            file = self.now.get(words[1])
            self.name(words[2], file)
            self.name(words[1], None)
        elif act == "unlink" and words[1] in self.now:
            self.name(words[1], None)
        elif act == "syncfolder":
            for folder, path, file in self.open:
                if folder == words[1]:
                    self.settle(self.lasting, path, file)
            self.open = [entry for entry in self.open if entry[0] != words[1]]

    def name(self, path, file):
        self.settle(self.now, path, file)
        self.open.append((os.path.dirname(path), path, file))

    @staticmethod
    def settle(names, path, file):
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file

    def build(self, target, survives, keeps_bytes):
        """Makes a folder in which those open acts happened for which `survives` says so.

        `keeps_bytes` is whether files that were not synced have their bytes; else they are empty.
        """
        names = dict(self.lasting)
        for entry in self.open:
            if survives(entry):
                self.settle(names, entry[1], entry[2])
        content = {file: path for path, file in self.now.items()}
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.after, target, ignore=lambda folder, found: [
            name for name in found if not os.path.isdir(os.path.join(folder, name))])
        for path, file in names.items():
            place = os.path.join(target, os.path.relpath(path, self.after))
            if file not in self.synced and not keeps_bytes:
                open(place, "wb").close()
            elif file[0] == "old":
                shutil.copy2(os.path.join(self.before, file[1]), place)
            elif file in content:
                shutil.copy2(content[file], place)
            else:
                # It was taken away again in the same run: only locks are, and what never got a name of its own.
                assert "/locks/" in path or path.endswith("-tmp"), path
                open(place, "wb").close()
