"""What errors of Python and torch mean, in a learner's words."""

from __future__ import annotations

import re

UNEQUAL = "Two tensors that meet element by element have different shapes."
PAST_THE_END = "An index went past the end: n rows are numbered from 0 to n − 1."
SIZES = (
    "A size has to be a whole number, and / gives a decimal one even where nothing is left over: "
    "// divides and rounds down."
)
SLICES = (
    "Where a slice begins, where it ends and its step are whole numbers: / gives a decimal one (// "
    "rounds down), and a pair has to be taken apart first, as in sH, sW = stride."
)
PAIR = (
    "Along an axis, torch's max and min return a pair, the largest numbers and where they are: "
    ".values and .indices, or amax for the numbers alone."
)
BEFORE_SUPER = "super().__init__() comes first in __init__, before the first layer is assigned."
METHOD = "A method without its parentheses is the method itself, and not what it returns."

# (type of the error, part of its message) -> its meaning; the first that fits is told.
MEANINGS = {
    ("RecursionError", ""): "A function that calls itself has to stop somewhere.",
    ("NameError", ""): "Is the name spelled as where it was defined, and has that cell been run?",
    ("UnboundLocalError", ""): "It is used before the function has given it a value.",
    ("SystemExit", ""): "exit() would end the kernel; return is what ends a function.",
    ("ZeroDivisionError", ""): "What stands below the line was 0 on this input.",
    ("KeyError", ""): "The dictionary has no entry under this key.",
    ("IndexError", "Dimension out of range"): (
        "The tensor has fewer axes than that: n axes are numbered from 0 to n − 1, or from the "
        "end, −1 being the last."
    ),
    ("IndexError", "too many indices"): "There are more indices than the tensor has axes.",
    ("IndexError", "invalid index of a 0-dim"): "A single number has no axis to index.",
    ("IndexError", "tensors used as indices must be"): (
        "Positions are whole numbers: labels.long(), or a mask of True and False."
    ),
    ("IndexError", "input.numel"): (
        "There is no number in it: the slice that was taken here is empty."
    ),
    ("RuntimeError", "input.numel"): (
        "There is no number in it: the slice that was taken here is empty."
    ),
    ("IndexError", "out of (bounds|range)"): PAST_THE_END,
    ("RuntimeError", "index .* is out of bounds"): PAST_THE_END,
    ("RuntimeError", "must match the size"): UNEQUAL,
    ("RuntimeError", "expanded size of the tensor"): (
        "What is assigned has another shape than the place it is put into."
    ),
    ("RuntimeError", "number of sizes provided"): (
        "A tensor of several numbers is put where there is room for one."
    ),
    ("ValueError", "broadcast together"): UNEQUAL,
    ("RuntimeError", "(mat1 and mat2|inconsistent tensor size|first two dimensions of batch2)"): (
        "@ is the matrix product: what it sums over, the last axis on its left and the last but "
        "one on its right, must be of one length."
    ),
    ("RuntimeError", "size mismatch, got input"): (
        "@ between a matrix and a vector sums along the matrix's rows: they must be as long as the "
        "vector."
    ),
    ("TypeError", "(not|a) (builtin_function_or_method|method)"): METHOD,
    ("TypeError", "unexpected keyword argument"): (
        "The function has no argument of that name: is it spelled right, and does it belong here?"
    ),
    ("RuntimeError", "1D tensors expected"): "Both have to have one axis here.",
    ("RuntimeError", "shape '.*' is invalid for input"): (
        "reshape and view keep the count of numbers: the new sizes must multiply to it."
    ),
    ("RuntimeError", "non-empty TensorList"): "The list is empty: its loop has gone no round.",
    ("RuntimeError", "stack expects each tensor to be equal size"): (
        "torch.stack takes tensors of one shape; these differ."
    ),
    ("RuntimeError", "must have the same number of dimensions as input"): (
        "gather wants one index for each number it returns, in as many axes: labels[:, None] has "
        "two. Or take x[torch.arange(N), labels]."
    ),
    ("RuntimeError", "target dtype to be Long|expected scalar type Long"): (
        "Labels are whole numbers: int64, which torch calls long."
    ),
    ("RuntimeError", "expected .*(dtype|scalar type|same dtype)"): (
        "Two types of number meet: .float(), .double() and .long() convert."
    ),
    ("RuntimeError", "can't be cast to the desired output type"): (
        "/=, *= and the like keep the type of the tensor, here whole numbers: y = x / 2 makes a "
        "tensor of decimals."
    ),
    ("NotImplementedError", "could not infer output dtype"): (
        "mean() takes decimals: .float() first. For True and False the mean is the share of True."
    ),
    ("RuntimeError", "could not infer output dtype"): (
        "mean() takes decimals: .float() first. For True and False the mean is the share of True."
    ),
    ("RuntimeError", "mean\\(\\): input dtype|not implemented for '(Long|Int|Bool|Byte)'"): (
        "This works on decimals only: .float() first."
    ),
    ("TypeError", "params argument given to the optimizer"): (
        "An optimiser takes a list of tensors, even where it is one alone: [weight]."
    ),
    ("TypeError", r"nn\.functional\.\w+ is not a Module"): (
        "F holds functions, and a network is built of layers: nn.ReLU() in place of F.relu."
    ),
    ("TypeError", r"nn\.modules\.\S+ is not a Module"): (
        "nn.ReLU alone is the class; nn.ReLU(), with parentheses, makes a layer of it."
    ),
    ("(NotImplementedError|RuntimeError)", "with (a bool|two bool) tensor"): (
        "A comparison of tensors gives True and False, which torch does not subtract: .float() "
        "makes 1 and 0 of them."
    ),
    ("RuntimeError", "more than one value is ambiguous"): (
        "`if`, `in` and Python's max and min want one True or False, and a comparison of tensors "
        "gives one for each number. torch.where chooses number by number; x.max() is torch's own."
    ),
    ("ValueError", "only one element tensors"): (
        "The functions of math, float() and torch.tensor([...]) take single numbers: torch.sqrt "
        "and the like take whole tensors, and torch.stack makes one of several."
    ),
    ("RuntimeError", "cannot be converted to Scalar"): (
        "item(), float() and int() take a tensor of one number; this one holds more, or none."
    ),
    ("RuntimeError", "does not require grad"): (
        "Nothing here is followed for a gradient: the tensor to learn needs requires_grad_() "
        "before the loss is made from it."
    ),
    ("RuntimeError", "implicitly created only for scalar"): (
        "backward() starts from one number: take the sum or the mean first."
    ),
    ("RuntimeError", "leaf Variable that requires grad"): (
        "A tensor that autograd follows is changed in place: do the update inside "
        "`with torch.no_grad():`."
    ),
    ("RuntimeError", "backward through the graph a second time"): (
        "Each backward() needs a loss of its own, made from the weights as they now are: compute "
        "it anew inside the loop."
    ),
    ("RuntimeError", "modified by an inplace operation"): (
        "A number that backward() still needs was changed in place: make a new tensor, y = y + 1 "
        "in place of y += 1."
    ),
    ("RuntimeError", "on Tensor that requires grad. Use tensor.detach"): (
        "NumPy knows nothing of gradients: .detach() first, then .numpy()."
    ),
    ("RuntimeError", "Only Tensors of floating point"): (
        "Only decimals have a gradient: make the tensor from floats, such as 1.0."
    ),
    ("RuntimeError", "[Nn]egative dimension|must be non-negative"): (
        "A size came out negative: what is subtracted from what?"
    ),
    ("RuntimeError", "expects? .*channels"): (
        "The number of channels that the layer was built for is not what comes in."
    ),
    ("ValueError", "step must be greater than zero"): (
        "A slice of a tensor cannot step backwards: flip turns an axis round."
    ),
    ("ValueError", "too many values to unpack|not enough values to unpack"): (
        "On the left of = stand as many names as there are parts on the right: one for each."
    ),
    ("ValueError", "empty parameter list"): (
        "No parameter of the network was found. Layers in a Python list are not seen: "
        "nn.ModuleList or nn.Sequential holds them."
    ),
    ("TypeError", r"zeros\(\) takes 1 positional argument"): SIZES,
    ("TypeError", r"(zeros|ones|empty|full|rand\w*|reshape|view)\(\).*(float|size)"): SIZES,
    ("TypeError", "'float' object cannot be interpreted as an integer"): SIZES,
    ("TypeError", "slice indices must be integers"): SLICES,
    ("TypeError", "return_types"): PAIR,
    ("AttributeError", "return_types"): PAIR,
    ("AttributeError", "'bool' object has no attribute"): (
        "A comparison of two things of different kinds gives one False, and no tensor. " + PAIR
    ),
    ("TypeError", "'NoneType'"): (
        "One of them is None. A tensor's .grad is None until backward() has run on what was made "
        "from it, and on a result of a computation it stays None; print() and methods that "
        "change in place, such as append, return None too."
    ),
    ("AttributeError", "'NoneType' object"): (
        "It is None: a tensor's .grad before backward(), or what a function without return gives."
    ),
    ("TypeError", r"'torch.Size' object is not callable"): (
        "shape is no function: x.shape[0], in square brackets, or x.size(0)."
    ),
    ("TypeError", r"'(Tensor|int|float|tuple|list)' object is not callable"): (
        "Parentheses behind a value call it: an operator is missing before them, or square "
        "brackets are meant. Or a name of a function has been given to a value."
    ),
    ("TypeError", "'module' object is not callable"): (
        "That is a module: the function or class inside it is meant."
    ),
    ("TypeError", "'(builtin_function_or_method|method)'"): METHOD,
    ("TypeError", "'(int|float)' object is not (iterable|subscriptable)"): (
        "That is one number: for i in range(n) counts up to it, and it has no parts to index."
    ),
    ("TypeError", "iteration over a 0-d tensor"): "That is one number; there are no rows in it.",
    ("TypeError", "len\\(\\) of a 0-d tensor"): "That is one number, and has no length.",
    ("TypeError", "'generator' has no len|'generator' object is not"): (
        "A generator gives its parts one by one: list(...) makes a list of them."
    ),
    ("TypeError", "'(SGD|Adam|AdamW)' object is not"): (
        "An optimiser came back where the list of groups that it is made from is wanted."
    ),
    ("TypeError", "list is not a Module subclass"): (
        "nn.Sequential takes the layers one by one, without the brackets: nn.Sequential(*layers)."
    ),
    ("TypeError", "as child module"): (
        "A layer's place takes a layer: nn.Linear alone is the class, nn.Linear(2, 3) a layer."
    ),
    ("TypeError", "can only optimize Tensors"): (
        "An optimiser takes parameters, or a list of dicts, each with its parameters under "
        '"params".'
    ),
    ("TypeError", "'(tuple|list)'.*'(int|float)'|'(int|float)'.*'(tuple|list)'"): (
        "One of them holds several numbers: unpack it, or take one by its index."
    ),
    ("TypeError", "'list' and 'list'"): (
        "Lists do no arithmetic: torch.tensor(...) makes a tensor of one."
    ),
    ("TypeError", r"for \^"): "In Python ^ is the exclusive or of bits; a power is written **.",
    ("TypeError", "keepdims|axis="): (
        "NumPy and torch name things differently: on tensors torch's own functions, with dim and "
        "keepdim."
    ),
    ("TypeError", "indices must be integers"): (
        "An index is a whole number: // divides to one, and int() makes one of a tensor."
    ),
    ("TypeError", "missing .* required positional argument"): (
        "The function is called without something that it needs."
    ),
    ("AttributeError", "before Module.__init__"): BEFORE_SUPER,
    ("AttributeError", r"'\w+' object has no attribute '_(modules|parameters|forward_hooks)'"): (
        BEFORE_SUPER
    ),
    ("AttributeError", "'tuple' object has no attribute"): (
        "That is a tuple, of several things: unpack it first, as in `for name, parameter in ...`."
    ),
    ("AttributeError", "'list' object has no attribute"): (
        "That is a list, and no tensor: len(...) is its length, torch.tensor(...) or "
        "torch.stack(...) makes a tensor of it."
    ),
    ("AttributeError", "'(float|int)' object has no attribute"): (
        "That is a Python number, and no tensor: torch.tensor(...) makes one of it."
    ),
    ("AttributeError", "'Tensor' object has no attribute '(append|extend|insert)'"): (
        "A tensor keeps its size: collect in a list, or write into it by index."
    ),
    ("AttributeError", "'Tensor' object has no attribute '(astype|copy|shape_|transpose_|dot_)'"): (
        "That is NumPy's name: torch has .to(), .clone() and others."
    ),
    ("AttributeError", "has no attribute"): (
        "There is no such name on this object: is it spelled right, and is this the object meant?"
    ),
    ("RuntimeError", "super\\(\\)"): BEFORE_SUPER,
}


def meaning(kind: str, message: str) -> str:
    """Return what such an error usually means, or "".

    >>> meaning("IndexError", "index 3 is out of bounds for dimension 0 with size 3")
    'An index went past the end: n rows are numbered from 0 to n − 1.'
    """
    fits = (
        why
        for (name, part), why in MEANINGS.items()
        if re.fullmatch(name, kind) and re.search(part, message)
    )
    return next(fits, "")
