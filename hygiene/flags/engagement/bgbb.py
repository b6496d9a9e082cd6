"""BG/BB: replies as coin flips of a contact that may stop answering for good after any mail.

P. S. Fader, B. G. S. Hardie, J. Shang, *Customer-Base Analysis in a Discrete-Time Noncontractual Setting*, Marketing
Science 29 (2010) 1086–1108. A contact answers each mail with probability p ~ Beta(α, β) while it is engaged, and stops
before each mail with probability θ ~ Beta(γ, δ). A mail is their “transaction opportunity”.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma, expit, gammaln, logit

from hygiene.flags.engagement.cells import Cells, check_histories, collapse

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from hygiene.flags.engagement.cells import Floats, Ints

BOUND = 12.0
"""Greatest distance of a coordinate from 0: sizes from 6e-6 to 160,000, means from 6e-6 to 1 − 6e-6."""


class Prior(NamedTuple):
    """Independent normal priors on the coordinates (logit μ, log ν, logit φ, log κ).

    μ = α / (α + β) is the mean reply rate while engaged, ν = α + β how alike contacts are in it; φ = γ / (γ + δ) is the
    mean drop-out rate a mail, κ = γ + δ how alike they are in that.
    """

    centre: tuple[float, float, float, float]
    spread: tuple[float, float, float, float]
    """Standard deviations; infinite = no opinion."""


NO_PRIOR = Prior((0.0, 0.0, 0.0, 0.0), (np.inf, np.inf, np.inf, np.inf))
WEAK_PRIOR = Prior((0.0, 0.0, float(logit(0.1)), float(np.log(4.0))), (np.inf, 3.0, 1.5, 1.5))
"""Holds the drop-out parameters off the boundary, where mail histories often leave them unidentified; assumed."""


class BGBB:
    """The BG/BB model of a group of contacts.

    Parameters
    ----------
    prior
        On the parameters; `NO_PRIOR` gives maximum likelihood, as published.

    Attributes
    ----------
    alpha_, beta_, gamma_, delta_
        The parameters, > 0.
    coordinates_
        The same as (logit μ, log ν, logit φ, log κ), shape (4,).
    covariance_
        Of the coordinates, shape (4, 4): the inverse of the Hessian at the optimum.
    log_likelihood_
        At the optimum, without the prior.

    Examples
    --------
    >>> model = BGBB().fit([0, 1, 2, 3], [0, 3, 4, 4], [4, 4, 4, 4], [60, 20, 15, 5])
    >>> model.predict_proba([0, 2], [0, 4], [4, 4], ahead=3)[:, 1].round(2).tolist()
    [0.19, 0.64]
    """

    def __init__(self, prior: Prior = WEAK_PRIOR) -> None:
        self.prior = prior

    @classmethod
    def of(cls, coordinates: ArrayLike, covariance: ArrayLike | None = None) -> BGBB:
        """Return the model with these coordinates, as `fit` leaves it."""
        model = cls()
        model._keep(np.asarray(coordinates, dtype=float))
        model.covariance_ = np.zeros((4, 4)) if covariance is None else np.asarray(covariance, dtype=float)
        return model

    def fit(
        self, replies: ArrayLike, last_reply: ArrayLike, sends: ArrayLike, weights: ArrayLike | None = None
    ) -> BGBB:
        """Fit the parameters to histories (one entry a contact, or a cell with its weight).

        Raises
        ------
        ValueError
            If an entry is no history, a weight is negative or not a number, or there is no mail at all.
        """
        given = None if weights is None else np.asarray(weights, dtype=float)
        if given is not None and not (np.isfinite(given).all() and (given >= 0).all()):
            raise ValueError("weights must be numbers ≥ 0.")
        cells, _ = collapse(np.asarray(replies), np.asarray(last_reply), np.asarray(sends), given)
        return self.fit_cells(cells)

    def fit_cells(self, cells: Cells) -> BGBB:
        """Fit the parameters to collapsed histories."""
        if not (cells.sends * cells.weights).sum() > 0:
            raise ValueError("There is no mail to learn from.")
        terms = Terms(cells)
        centre, spread = np.array(self.prior.centre), np.array(self.prior.spread)

        def objective(u: Floats) -> tuple[float, Floats]:
            value, gradient = terms.log_likelihood(u)
            off = (u - centre) / spread
            return -value + 0.5 * float(off @ off), -gradient + off / spread

        rate = (cells.replies @ cells.weights + 0.5) / (cells.sends @ cells.weights + 1.0)
        start = np.array([logit(rate), 1.0, logit(0.1), 1.0])
        found = minimize(
            objective,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=[(-BOUND, BOUND)] * 4,
            options={"ftol": 1e-15, "gtol": 1e-6, "maxiter": 500, "maxcor": 20},
        )
        self._keep(found.x)
        self.covariance_ = _inverse_hessian(objective, found.x)
        self.log_likelihood_ = float(terms.log_likelihood(found.x)[0])
        return self

    def predict_proba(self, replies: ArrayLike, last_reply: ArrayLike, sends: ArrayLike, ahead: int = 3) -> Floats:
        """Return the probabilities of no reply and of at least one to the next `ahead` mails, shape (n, 2).

        The probability of silence is L(x, t_x, n + ahead) / L(x, t_x, n), of equation 5.
        """
        now = self.log_likelihoods(replies, last_reply, sends)
        later = self.log_likelihoods(replies, last_reply, np.asarray(sends) + ahead)
        silent = np.exp(np.minimum(later - now, 0.0))
        return np.column_stack((silent, 0.0 - np.expm1(np.minimum(later - now, 0.0))))

    def p_alive(self, replies: ArrayLike, last_reply: ArrayLike, sends: ArrayLike) -> Floats:
        """Return the probability that the contact is still engaged at the next mail (equation 11)."""
        x, n = np.asarray(replies), np.asarray(sends)
        answering = (
            betaln(self.alpha_ + x, self.beta_ + n - x)
            - betaln(self.alpha_, self.beta_)
            + betaln(self.gamma_, self.delta_ + n + 1)
            - betaln(self.gamma_, self.delta_)
        )
        alive: Floats = np.exp(np.minimum(answering - self.log_likelihoods(replies, last_reply, sends), 0.0))
        return alive

    def expected_replies(self, replies: ArrayLike, last_reply: ArrayLike, sends: ArrayLike, ahead: int) -> Floats:
        """Return the expected number of replies to the next `ahead` mails (equation 13, summed mail by mail)."""
        x, n = np.asarray(replies), np.asarray(sends)
        base = betaln(self.alpha_ + x + 1, self.beta_ + n - x) - betaln(self.alpha_, self.beta_)
        base = base - betaln(self.gamma_, self.delta_) - self.log_likelihoods(replies, last_reply, sends)
        replies = np.zeros(np.shape(base))
        for step in range(1, ahead + 1):
            replies += np.exp(base + betaln(self.gamma_, self.delta_ + n + step))
        return replies

    def log_likelihoods(self, replies: ArrayLike, last_reply: ArrayLike, sends: ArrayLike) -> Floats:
        """Return log L of each history (equation 5)."""
        x, tx, n = (np.atleast_1d(np.asarray(values)) for values in (replies, last_reply, sends))
        check_histories(x, tx, n)
        return Terms(Cells(x, tx, n, np.ones(len(n)))).log_likelihoods(self.coordinates_)

    def draws(self, count: int, seed: int = 0) -> list[BGBB]:
        """Return models drawn from the normal approximation around the optimum: what the parameters may as well be."""
        rng = np.random.default_rng(seed)
        u = rng.multivariate_normal(self.coordinates_, self.covariance_, size=count, method="eigh")
        return [BGBB.of(row) for row in np.clip(u, -BOUND, BOUND)]

    def _keep(self, u: Floats) -> None:
        self.coordinates_ = u
        self.alpha_, self.beta_, self.gamma_, self.delta_ = (float(value) for value in parameters(u))


def parameters(u: Floats) -> tuple[float, float, float, float]:
    """Return (α, β, γ, δ) of the coordinates (logit μ, log ν, logit φ, log κ)."""
    nu, kappa = np.exp(u[1]), np.exp(u[3])
    return nu * expit(u[0]), nu * expit(-u[0]), kappa * expit(u[2]), kappa * expit(-u[2])


class Terms:
    """The terms of equation 5 for a set of cells; their logarithms are sums of entries of short tables.

    L = B(α+x, β+n−x) B(γ, δ+n) / … (still engaged) + Σ_{m=t_x}^{n−1} B(α+x, β+m−x) B(γ+1, δ+m) / … (stopped after m).
    """

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        silent = cells.sends - cells.last_reply
        self._first = np.concatenate(([0], np.cumsum(silent + 1)[:-1])).astype(np.intp)
        cell = np.repeat(np.arange(len(silent)), silent + 1)
        offset = np.arange(len(cell)) - self._first[cell]
        self._cell = cell
        self._x = cells.replies[cell]
        self._m = cells.last_reply[cell] + offset
        self._engaged = self._m == cells.sends[cell]  # the last term of each cell
        self._size = int(cells.sends.max(initial=0)) + 1

    def log_likelihoods(self, u: Floats) -> Floats:
        """Return log L of each cell."""
        return self._logs(u)[1]

    def log_likelihood(self, u: Floats) -> tuple[float, Floats]:
        """Return the weighted sum of log L and its gradient by the coordinates."""
        logs, total = self._logs(u)
        share = np.exp(logs - total[self._cell]) * self._cells.weights[self._cell]
        return float(total @ self._cells.weights), self._gradient(u, share)

    def _logs(self, u: Floats) -> tuple[Floats, Floats]:
        alpha, beta, gamma, delta = parameters(u)
        k = np.arange(self._size)
        by_x, by_rest = gammaln(alpha + k), gammaln(beta + k)
        by_m = gammaln(delta + k) - gammaln(alpha + beta + k)
        stopped = by_m + gammaln(gamma + 1) - gammaln(gamma + delta + 1 + k)
        engaged = by_m + gammaln(gamma) - gammaln(gamma + delta + k)
        logs = by_x[self._x] + by_rest[self._m - self._x] + np.where(self._engaged, engaged[self._m], stopped[self._m])
        logs -= betaln(alpha, beta) + betaln(gamma, delta)
        if not len(logs):
            return logs, np.zeros(0)
        top = np.maximum.reduceat(logs, self._first)
        return logs, top + np.log(np.add.reduceat(np.exp(logs - top[self._cell]), self._first))

    def _gradient(self, u: Floats, share: Floats) -> Floats:
        """Return the gradient; `share` is each term's part of its cell's likelihood, times the cell's weight."""
        alpha, beta, gamma, delta = parameters(u)
        k = np.arange(self._size)
        whole = share.sum()

        def counted(index: Ints, weights: Floats) -> Floats:
            return np.bincount(index, weights=weights, minlength=self._size).astype(float)

        at_m, at_engaged = counted(self._m, share), counted(self._m, share * self._engaged)
        at_stopped, kept = at_m - at_engaged, at_engaged.sum()
        both = at_m @ digamma(alpha + beta + k) - whole * digamma(alpha + beta)
        d_alpha = counted(self._x, share) @ digamma(alpha + k) - whole * digamma(alpha) - both
        d_beta = counted(self._m - self._x, share) @ digamma(beta + k) - whole * digamma(beta) - both
        ends = (
            at_engaged @ digamma(gamma + delta + k)
            + at_stopped @ digamma(gamma + delta + 1 + k)
            - whole * digamma(gamma + delta)
        )
        d_gamma = kept * digamma(gamma) + (whole - kept) * digamma(gamma + 1) - whole * digamma(gamma) - ends
        d_delta = at_m @ digamma(delta + k) - whole * digamma(delta) - ends
        mu, phi = expit(u[0]), expit(u[2])
        return np.array(
            [
                (d_alpha - d_beta) * (alpha + beta) * mu * (1 - mu),
                d_alpha * alpha + d_beta * beta,
                (d_gamma - d_delta) * (gamma + delta) * phi * (1 - phi),
                d_gamma * gamma + d_delta * delta,
            ]
        )


def _inverse_hessian(objective: object, u: Floats, step: float = 1e-4) -> Floats:
    """Return the covariance: the inverse of the Hessian, by central differences of the gradient.

    Directions in which the objective is flat or bends the wrong way (a coordinate at its bound) get no more than a
    variance of `BOUND`²: nothing is known there.
    """
    hessian = np.empty((4, 4))
    for column in range(4):
        shift = np.zeros(4)
        shift[column] = step
        hessian[:, column] = (objective(u + shift)[1] - objective(u - shift)[1]) / (2 * step)  # type: ignore[operator]
    values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    covariance: Floats = (vectors / np.maximum(values, BOUND**-2)) @ vectors.T
    return covariance
