"""A drawn world: kinds of thing on cluttered colour pictures, for lesson 7."""
