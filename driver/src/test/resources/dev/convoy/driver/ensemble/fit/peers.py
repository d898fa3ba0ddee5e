"""What scikit-learn, NumPy and SciPy make of the predictions in a file.

    peers.py INPUT OUTPUT

Both are JSON. INPUT holds, of examples n, members m and classes c: labels [n], probabilities
[n][m][c], parts [n][m] (who takes part), times [n][m] (how often each member drew each example),
weights [m], and fresh [k][m][c], predictions that nothing
is learned from. Soft and hard votes are of predictions in which all take part.
"""
import json
import sys
import warnings

import numpy
from scipy.optimize import minimize, minimize_scalar
from sklearn.ensemble import BaggingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import LabelEncoder

SMALLEST_PROBABILITY = 1e-10


class Member:
    """A fitted classifier: answers row i of its predictions to the input i."""

    def __init__(self, probabilities):
        self.probabilities = probabilities

    def predict_proba(self, x):
        return self.probabilities[x[:, 0]]

    def predict(self, x):
        return numpy.argmax(self.predict_proba(x), axis=1)


def vote(probabilities, voting, weights=None):
    members = [Member(probabilities[:, m]) for m in range(probabilities.shape[1])]
    classifier = VotingClassifier(
        [(str(m), member) for m, member in enumerate(members)], voting=voting, weights=weights
    )
    classifier.estimators_ = members
    classifier.le_ = LabelEncoder().fit(numpy.arange(probabilities.shape[2]))
    classifier.classes_ = classifier.le_.classes_
    rows = numpy.arange(len(probabilities)).reshape(-1, 1)
    return classifier.predict_proba(rows) if voting == "soft" else classifier.predict(rows)


class Bagging(BaggingClassifier):
    """Fitted members with the samples that they were given, not drawn here."""

    def __init__(self, members=(), samples=()):
        super().__init__()
        self.members = members
        self.samples = samples

    @property
    def estimators_samples_(self):
        return self.samples


def out_of_bag(probabilities, times, labels):
    """Of the examples that at least one member did not draw; scikit-learn takes the others for
    class 0."""
    answered = (times == 0).any(axis=1)
    probabilities, times, labels = probabilities[answered], times[answered], labels[answered]
    rows = numpy.arange(len(labels))
    members = [Member(probabilities[:, m]) for m in range(probabilities.shape[1])]
    bagging = Bagging(members, [numpy.repeat(rows, times[:, m]) for m in range(len(members))])
    bagging.estimators_ = members
    bagging.estimators_features_ = [numpy.arange(1)] * len(members)
    bagging.classes_ = numpy.arange(probabilities.shape[2])
    bagging.n_classes_ = probabilities.shape[2]
    bagging._set_oob_score(rows.reshape(-1, 1), labels)
    return {
        "score": bagging.oob_score_,
        "examples": len(labels),
        "decisions": bagging.oob_decision_function_.tolist(),
    }


def geometric_mean(probabilities):
    mean = numpy.exp(numpy.log(numpy.maximum(probabilities, SMALLEST_PROBABILITY)).mean(axis=1))
    return mean / mean.sum(axis=1, keepdims=True)


def masked_mean(probabilities, parts):
    return (probabilities * parts[:, :, None]).sum(axis=1) / parts.sum(axis=1)[:, None]


def soften(probabilities, temperature):
    powers = numpy.maximum(probabilities, SMALLEST_PROBABILITY) ** (1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def loss(probabilities, labels):
    return -numpy.log(probabilities[numpy.arange(len(labels)), labels]).mean()


def temperature(probabilities, labels):
    found = minimize_scalar(
        lambda log: loss(soften(probabilities, numpy.exp(log)), labels),
        bounds=(numpy.log(0.05), numpy.log(20)),
        method="bounded",
        options={"xatol": 1e-12, "maxiter": 1000},
    )
    return numpy.exp(found.x)


def mixture_weights(probabilities, parts, labels):
    own = probabilities[numpy.arange(len(labels)), :, labels] * parts
    members = own.shape[1]
    found = minimize(
        lambda w: -numpy.log(own @ w / (parts @ w)).mean(),
        numpy.full(members, 1 / members),
        jac=lambda w: -(own / (own @ w)[:, None] - parts / (parts @ w)[:, None]).mean(axis=0),
        bounds=[(1e-12, 1)] * members,
        constraints={
            "type": "eq",
            "fun": lambda w: w.sum() - 1,
            "jac": lambda w: numpy.ones(members),
        },
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    return {"weights": found.x.tolist(), "loss": found.fun}


def stack(probabilities, parts, labels, fresh):
    imputed = numpy.where(
        parts[:, :, None],
        probabilities,
        masked_mean(probabilities, parts)[:, None, :].astype(numpy.float32),
    )
    regression = LogisticRegression(C=1, solver="newton-cg", tol=1e-9, max_iter=1000)
    with warnings.catch_warnings():
        # Its line search says so when there is no digit left to gain.
        warnings.simplefilter("ignore")
        regression.fit(imputed.reshape(len(labels), -1), labels)
    return regression.predict_proba(fresh.reshape(len(fresh), -1))


def main(source, target):
    with open(source, encoding="utf-8") as file:
        given = json.load(file)
    labels = numpy.array(given["labels"])
    probabilities = numpy.array(given["probabilities"])
    fresh = numpy.array(given["fresh"])
    some = numpy.array(given["parts"])
    answered = some.any(axis=1)
    everyone = numpy.ones_like(some)
    soft = vote(probabilities, "soft")
    outputs = {
        "soft": soft,
        "weighted": vote(probabilities, "soft", given["weights"]),
        "geometric": geometric_mean(probabilities),
        "hard": vote(probabilities, "hard"),
        "softened": soften(soft, 1.7),
        "stacked": stack(probabilities, everyone, labels, fresh),
        "stacked-out-of-bag": stack(
            probabilities[answered], some[answered], labels[answered], fresh
        ),
    }
    result = {name: values.tolist() for name, values in outputs.items()}
    result["out-of-bag"] = out_of_bag(probabilities, numpy.array(given["times"]), labels)
    result["temperature"] = temperature(soft, labels)
    result["temperature-out-of-bag"] = temperature(
        masked_mean(probabilities[answered], some[answered]), labels[answered]
    )
    result["mixture"] = mixture_weights(probabilities, everyone, labels)
    result["mixture-out-of-bag"] = mixture_weights(
        probabilities[answered], some[answered], labels[answered]
    )
    with open(target, "w", encoding="utf-8") as file:
        json.dump(result, file)


main(*sys.argv[1:])
