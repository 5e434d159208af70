"""When something is amiss, or is to be gone: doctor, forget, backup and restore."""
