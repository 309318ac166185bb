"""The tests on CPython 3.14, wherever node and npm are installed: npm's `pyodide` package is CPython as WebAssembly."""
