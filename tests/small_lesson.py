"""A lesson of six cells, which tests of several rooms write, build and spoil."""

SOURCE = '''\
# %% [markdown] id="title"
# # A lesson

# %% id="imports"
import math

# %% [markdown] id="exercise"
# ### Exercise

# %% id="answer"
def area(radius):
    """Return the area of a circle."""
    ### BEGIN SOLUTION
    return math.pi * radius**2
    ### END SOLUTION

# %% id="value"
### BEGIN SOLUTION
shape = (11, 12)
### END SOLUTION

# %% id="show"
print(shape)
'''
