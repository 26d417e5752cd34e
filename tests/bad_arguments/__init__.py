"""Every public function, one bad argument at a time."""
