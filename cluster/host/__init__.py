"""The processes of one home on this machine: their environment, ports, logs, Ray and the database they start."""
