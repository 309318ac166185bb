item.extras["odd"], item.extras["more"] = "b", {"c": 1}
item.extras["list"][0] = "d"
