"""Scaling roll calls: where states stand on one line, from ordered votes. Arrays in, frozen results out.

`layout` sorts votes once; `fitting` finds the points in a few dozen rounds (`steps`, `ordered`: the compiled
arithmetic); `covariance` holds how sure they are and `spread` works it out (both with NumPy on one thread:
`quiet_blas`); `sampling` draws from the posterior itself. What a vote, a session or a state is, nobody here knows:
`measures.ideal_points` asks.
"""
