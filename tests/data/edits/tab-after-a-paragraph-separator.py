item.extras["odd"] = {}
