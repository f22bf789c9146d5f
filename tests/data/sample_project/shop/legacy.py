import json


def read_settings(path, defaults={}):
    try:
        handle = open(path)
        data = json.loads(handle.read())
        for key in defaults:
            if key not in data:
                data[key] = defaults[key]
        return data
    except:
        pass
