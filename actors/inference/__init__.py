"""How networks are computed here: devices, batches that fit, conversion to OpenVINO, and the proof that it agrees."""
