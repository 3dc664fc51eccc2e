"""From trees to one checked campaign: imports, names, types, and the checks that need no people."""

from wakeup.lang.check import check
from wakeup.lang.checked import Checked
from wakeup.lang.files import FileSystem, LocalFiles, MemoryFiles
from wakeup.lang.loader import load
from wakeup.lang.project import Module, Project

__all__ = ["Checked", "FileSystem", "LocalFiles", "MemoryFiles", "Module", "Project", "check", "load"]
