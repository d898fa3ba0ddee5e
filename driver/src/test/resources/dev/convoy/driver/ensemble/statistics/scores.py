"""Scores of answers by scikit-learn: scores.py ANSWERS.json SCORES.json.

In: labels, one for each example, and probabilities, axes [example, class].
"""

import json
import sys

import numpy as np
from sklearn import metrics

BINS = 15

with open(sys.argv[1]) as file:
    answers = json.load(file)
labels = np.array(answers["labels"])
probabilities = np.array(answers["probabilities"])
examples, classes = probabilities.shape
every_class = np.arange(classes)
one_hot = (labels[:, None] == every_class).astype(float)
predicted = probabilities.argmax(axis=1)


def top_five_accuracy():
    # Of equal probabilities scikit-learn takes the higher index first: hence all reversed.
    if classes <= 5:
        return 1.0
    return metrics.top_k_accuracy_score(
        classes - 1 - labels, probabilities[:, ::-1], k=5, labels=every_class
    )


def calibration_errors():
    confidence = probabilities.max(axis=1)
    bounds = np.arange(BINS + 1) / BINS
    gaps, shares = [], []
    for lower, upper in zip(bounds[:-1], bounds[1:]):
        inside = (confidence > lower) & (confidence <= upper)
        if inside.any():
            accuracy = (predicted[inside] == labels[inside]).mean()
            gaps.append(abs(accuracy - confidence[inside].mean()))
            shares.append(inside.mean())
    return float(np.dot(gaps, shares)), float(max(gaps))


def defined(score, whole):
    """Scikit-learn's 0 for 0 / 0 is null here, and no part of the mean."""
    return [float(value) if n > 0 else None for value, n in zip(score, whole)]


def mean(scores):
    values = [value for value in scores if value is not None]
    return sum(values) / len(values) if values else None


def ranking():
    def area(average):
        # With two classes scikit-learn wants the scores of one; multi-label is one-vs-rest too.
        if classes == 2:
            return metrics.roc_auc_score(one_hot, probabilities, average=average)
        return metrics.roc_auc_score(labels, probabilities, multi_class="ovr", average=average)

    def precision(average):
        return metrics.average_precision_score(one_hot, probabilities, average=average)

    return {
        "area-under-roc": metrics.roc_auc_score(one_hot, probabilities, average=None).tolist(),
        "macro-area-under-roc": area("macro"),
        "weighted-area-under-roc": area("weighted"),
        "average-precision": precision(None).tolist(),
        "macro-average-precision": precision("macro"),
        "weighted-average-precision": precision("weighted"),
    }


expected_error, maximum_error = calibration_errors()
precision, recall, f1, support = metrics.precision_recall_fscore_support(
    labels, predicted, labels=every_class, zero_division=0
)
confusion = metrics.confusion_matrix(labels, predicted, labels=every_class)
precision = defined(precision, confusion.sum(axis=0))
recall = defined(recall, support)
f1 = defined(f1, confusion.sum(axis=0) + support)
scores = {
    "accuracy": metrics.accuracy_score(labels, predicted),
    "top-five-accuracy": top_five_accuracy(),
    "negative-log-likelihood": metrics.log_loss(
        labels, np.maximum(probabilities, 1e-10), labels=every_class
    ),
    "brier": float(((probabilities - one_hot) ** 2).sum(axis=1).mean()),
    "expected-calibration-error": expected_error,
    "maximum-calibration-error": maximum_error,
    "confusion": confusion.tolist(),
    "precision": precision,
    "recall": recall,
    "f1": f1,
    "support": support.tolist(),
    "macro-precision": mean(precision),
    "macro-recall": mean(recall),
    "macro-f1": mean(f1),
}
if len(np.unique(labels)) == classes:
    scores.update(ranking())
with open(sys.argv[2], "w") as file:
    json.dump(scores, file)
