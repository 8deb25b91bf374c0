"""Laplace's method beside samples of the exact posterior, drawn by NUTS from the same model written again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from amity.engine.chain import smooth
from amity.engine.families import COUNT, GAUSSIAN, MIX
from amity.engine.matching import smooth_means
from amity.engine.model import dynamics, items
from tests.engine import worlds

PAIRS, MONTHS, PHI = 20, 30, 0.9
OF = items([MIX, GAUSSIAN, COUNT, MIX], [-1.0, 0.0, 0.5, -1.5], [-1.0, 0.6, 0.5, -1.2], [0.08, 0.1, 0.2, 0.0])


def sampled(world: worlds.World) -> np.ndarray:
    """(samples, pairs, months) of the posterior of the states, all pairs in one run."""
    import jax
    import jax.numpy as jnp
    import numpyro
    from jax.scipy.special import expit, gammaln
    from numpyro import distributions as dist
    from numpyro.infer import MCMC, NUTS

    jax.config.update("jax_enable_x64", True)
    rows = {name: jnp.asarray(values) for name, values in world.rows.items()}
    pair, month, item = (rows[name].astype(int) for name in ("pair", "month", "item"))
    y, n, c, load = rows["y"], rows["n"], jnp.asarray(OF.intercept), jnp.asarray(OF.loading[:, 0])

    def log_density(eta: Any) -> Any:
        p, s, r = expit(eta), 1 / 0.08 - 1, 1 / 0.2
        a, b = s * p, s * (1 - p)
        mix = gammaln(a + y) + gammaln(b + n - y) - gammaln(a) - gammaln(b)
        count = y * eta - (y + r) * jnp.log(r + jnp.exp(eta))
        single = y * eta - jnp.logaddexp(0, eta)
        return jnp.select(
            [item == 0, item == 1, item == 2], [mix, -0.5 * (y - eta) ** 2 / (n + 0.1), count], single
        )

    def model() -> None:
        z = numpyro.sample("z", dist.Normal().expand([PAIRS, MONTHS]).to_event(2))
        _, rest = jax.lax.scan(lambda x, w: (PHI * x + w,) * 2, z[:, 0], z[:, 1:].T * jnp.sqrt(1 - PHI**2))
        x = numpyro.deterministic("x", jnp.concatenate([z[:, :1], rest.T], axis=1))
        numpyro.factor("evidence", log_density(c[item] + rows["offset"] + load[item] * x[pair, month]).sum())

    run = MCMC(NUTS(model), num_warmup=250, num_samples=500, progress_bar=False)
    run.run(jax.random.PRNGKey(0))
    return np.asarray(run.get_samples()["x"])


@pytest.mark.filterwarnings("default")
def test_laplace_is_what_nuts_says() -> None:
    world = worlds.world(4, OF, dynamics(PHI), PAIRS, MONTHS, seen=0.7)
    samples = sampled(world)
    mean, sd = samples.mean(0), samples.std(0)
    for run, least in ((smooth, 0.999), (smooth_means, 0.9995)):
        now = run(world.seen, OF, world.move)
        ratio = np.sqrt(now.covariance[:, :, 0, 0]) / sd
        assert np.corrcoef(now.mean[:, :, 0].ravel(), mean.ravel())[0, 1] > least
        assert 0.97 < ratio.mean() < 1.03
    assert np.abs(now.mean[:, :, 0] - mean).mean() < 0.04
