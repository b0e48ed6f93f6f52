"""The library: what a module, a scenario, a criterion is, and how text becomes one."""
