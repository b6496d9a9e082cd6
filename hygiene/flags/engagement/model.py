"""The engagement model: the probability of a human reply to any of the next three mails.

BG/BB for each list source gives a first opinion from three numbers; a logistic hazard on top corrects it by recency,
sender, company and human signals, learned at moments in the past (“landmarks”) and averaged over them on the logit scale;
a calibration learned on the last stretch of the history, which the averaged fit had not seen, sets the level. With too
little data the first opinion stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit

from hygiene.flags.engagement.bgbb import WEAK_PRIOR
from hygiene.flags.engagement.features import AHEAD, FEATURES, Groups, design, senders_at, tally_groups
from hygiene.flags.engagement.histories import histories, reply_delay
from hygiene.flags.engagement.landmarks import landmarks, outcomes
from hygiene.flags.engagement.logistic import PriorLogistic
from hygiene.flags.engagement.priors import SourceModels

if TYPE_CHECKING:
    from hygiene.facts.engagement import Sends
    from hygiene.flags.engagement.bgbb import Prior
    from hygiene.flags.engagement.histories import Floats, Histories

FEWEST_CONTACTS = 0
FEWEST_REPLIES = 0
"""Below either, BG/BB stands alone."""
CALIBRATION_SHARE = 0.8
"""Share of the mails after which the calibration looks."""
CALIBRATION_PRIOR = PriorLogistic((0.0, 1.0), (0.3, 0.15))
ROWS_AT_ONCE = 200_000


class Prediction(NamedTuple):
    """One entry a contact."""

    p_reply: Floats
    low: Floats
    high: Floats
    p_engaged: Floats


@dataclass
class Learner:
    """Everything computed once at a landmark."""

    moment: float
    features: Floats


class EngagementModel:
    def __init__(self, prior: Prior = WEAK_PRIOR, calibrate: bool = True, tau: float = 1.0, marks: int = 8, crange=(0.3,0.95)) -> None:
        self.prior = prior
        self.calibrate = calibrate
        self.tau=tau; self.marks=marks; self.crange=crange

    def fit(self, sends: Sends, as_of: float) -> EngagementModel:
        self.delay_ = reply_delay(sends, as_of)
        now = histories(sends, as_of, self.delay_)
        self.sources_ = SourceModels.fit(now, sends.source, self.prior)
        self.signals_ = SourceModels.fit(now._replace(replies=now.signals, last_reply=now.sends-now.since_signal), sends.source, self.prior)
        self.is_stacked_ = bool((now.sends > 0).sum() >= FEWEST_CONTACTS and now.replies.sum() >= FEWEST_REPLIES)
        self.coef_ = np.zeros(AHEAD + len(FEATURES))
        self.calibration_ = np.array([0.0, 1.0])
        if self.is_stacked_:
            marks = landmarks(sends, as_of, self.marks)
            designs = [(moment, self._design(sends, moment)) for moment in marks]
            self.coef_, self.covariance_ = self._averaged(sends, designs, as_of)
            if self.coef_ is None:
                self.is_stacked_=False; return self
            if self.calibrate:
                self.calibration_ = self._calibrated(sends, designs, as_of)
        return self

    def _design(self, sends, moment):
        history = histories(sends, moment, self.delay_)
        return design(history, sends.source, sends.domain, groups_at(sends, history, moment), self.sources_, self.signals_)

    def _averaged(self, sends, designs, until):
        fits = []
        for moment, X in designs:
            if moment >= until: continue
            rows = outcomes(sends, moment, until, self.delay_)
            if rows.replied.sum() >= 10 and (1-rows.replied).sum()>=10:
                fits.append(self._one(X[rows.contact], rows))
        if not fits: return None,None
        coefs = np.array([f[0] for f in fits])
        return coefs.mean(0), np.mean([f[1] for f in fits], axis=0) + np.cov(coefs.T, bias=True)

    def _one(self, X, rows):
        mean, scale = X.mean(0), X.std(0)
        flat = scale < 1e-9
        safe = np.where(flat, 1.0, scale)
        Z = np.where(flat, 0.0, (X - mean) / safe)
        positions = (rows.position[:, None] == np.arange(AHEAD)).astype(float)
        prior_mean = np.concatenate((np.full(AHEAD, np.log(rows.replied.mean()/(1-rows.replied.mean()))), [1.0*safe[0]] , np.zeros(len(FEATURES) - 1)))
        spread = np.concatenate(([3.0]*AHEAD, [f.spread*(self.tau if i else 1) for i,f in enumerate(FEATURES)]))
        model = PriorLogistic(prior_mean, spread).fit(np.hstack((positions, Z)), rows.replied)
        # back to raw units
        k = len(mean)
        A = np.zeros((AHEAD + k, AHEAD + k)); A[:AHEAD,:AHEAD]=np.eye(AHEAD)
        inv = np.where(flat, 0.0, 1/safe)
        A[:AHEAD, AHEAD:] = -mean*inv
        A[AHEAD:, AHEAD:] = np.diag(inv)
        return A@model.coef_, A@model.covariance_@A.T

    def _calibrated(self, sends, designs, as_of):
        past = sends.sent_at[sends.sent_at <= as_of]
        edge = float(np.quantile(past, .7))
        early=[d for d in designs if d[0] < edge]; late=[d for d in designs if d[0] >= edge]
        coef, _ = self._averaged(sends, early, edge)
        if coef is None or not late: return np.array([0,1.])
        L=[];Y=[]
        for m,X in late:
            rows=outcomes(sends,m,as_of,self.delay_)
            L.append(coef[rows.position] + X[rows.contact]@coef[AHEAD:]); Y.append(rows.replied)
        L=np.concatenate(L);Y=np.concatenate(Y)
        prior = getattr(self,'cal_prior',((0,1),(.1,.1)))
        from scipy.optimize import minimize
        def f(u):
            z=L.mean()+u[0]+u[1]*(L-L.mean()); return -((Y*z-np.logaddexp(0,z)).sum()/len(late))+.5*(u[0]/prior[1][0])**2+.5*((u[1]-1)/prior[1][1])**2
        return minimize(f,[0,1]).x
    def predict(self, sends, as_of):
        h = histories(sends, as_of, self.delay_)
        if not self.is_stacked_:
            return self.sources_.p_reply(h, sends.source, AHEAD)
        X = self._design(sends, as_of)
        L = (X@self.coef_[AHEAD:])[:,None] + self.coef_[:AHEAD]
        a,b=self.calibration_
        g=h.sends>0; Lb=L[g].mean()
        return 1-np.prod(1-expit(Lb+a+b*(L-Lb)),axis=1)


def groups_at(sends, history, moment):
    sender = senders_at(sends, moment)
    rate = (history.replies.sum() + 0.5) / (history.sends.sum() + 1.0)
    a,b = tally_groups(history, sender, sends.domain, int(sender.max(initial=0))+1, int(sends.domain.max(initial=0))+1)
    return Groups(sender, a, b, rate)
