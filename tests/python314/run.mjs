// Runs pytest in CPython compiled to WebAssembly, and exits with pytest's status:
// node run.mjs REPOSITORY PACKAGES EXAMPLES ARGUMENT…, in the folder where npm installed pyodide.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [repository, packages, examples, ...args] = process.argv.slice(2);
const entry = createRequire(process.cwd() + "/").resolve("pyodide/pyodide.mjs");
const { loadPyodide } = await import(pathToFileURL(entry));
const python = await loadPyodide({
  env: {
    HOME: "/home/pyodide",
    NEWSITEM_EXAMPLES: examples,
    PYTHONDONTWRITEBYTECODE: "1", // the repository is mounted: leave no bytecode of this Python in it
    PYTHONPATH: "/repository:/packages",
  },
});
for (const [folder, source] of [["/repository", repository], ["/packages", packages]]) {
  python.FS.mkdirTree(folder);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: source }, folder);
}
python.globals.set("arguments", python.toPy(args));
process.exitCode = python.runPython(`
import importlib, os, sys
os.chdir("/repository")
importlib.invalidate_caches()
import pytest
print("CPython", sys.version.split()[0], "on", sys.platform)
int(pytest.main(arguments))
`);
