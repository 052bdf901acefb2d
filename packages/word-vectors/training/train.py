#!/usr/bin/env python3
"""Trains vectors of words on what prepare-text.ts made. Needs numpy and scipy alone. See README.md.

First the words that stand near each other (PPMI over a window of 8, truncated SVD by randomised iteration), then pairs of texts that belong
together (softmax over the batch, Adagrad): the sum of a text's vectors shall point where that of its partner points.
The same inputs, seed and libraries give the same table."""
import argparse
import os
import sys
import time

import numpy as np
import scipy.sparse as sparse

WINDOW = 8
SCALE = 15.0
STARTED = time.time()


def say(*words):
    print("%7.1f s" % (time.time() - STARTED), *words, file=sys.stderr, flush=True)


def cooccurrence(numbers, texts, size):
    """How often two words stand at most WINDOW apart in a text."""
    text = np.searchsorted(texts[:, 0], np.arange(len(numbers)), side="right").astype(np.int32)
    total = sparse.csr_matrix((size, size), dtype=np.float32)
    for distance in range(1, WINDOW + 1):
        one, other = numbers[:-distance], numbers[distance:]
        kept = (one >= 0) & (other >= 0) & (one != other) & (text[:-distance] == text[distance:])
        ones = np.ones(int(kept.sum()), np.float32)
        counts = sparse.coo_matrix((ones, (one[kept], other[kept])), shape=(size, size)).tocsr()
        total = total + counts + counts.T
    return total


def positive_information(counts):
    """Pointwise mutual information where it is positive; contexts smoothed with the power .75."""
    sums = np.asarray(counts.sum(1)).ravel()
    contexts = sums**0.75
    contexts /= contexts.sum()
    cells = counts.tocoo()
    values = np.log(cells.data / (sums[cells.row] * contexts[cells.col]))
    kept = values > 0
    return sparse.csr_matrix((values[kept].astype(np.float32), (cells.row[kept], cells.col[kept])), shape=counts.shape)


def factors(matrix, dimensions, random):
    """The left factors of a truncated SVD, times the roots of the singular values."""
    basis = random.standard_normal((matrix.shape[0], dimensions + 16)).astype(np.float32)
    for _ in range(3):
        basis, _ = np.linalg.qr(matrix @ basis)
        basis, _ = np.linalg.qr(matrix.T @ basis)
    left, values, _ = np.linalg.svd(matrix @ basis, full_matrices=False)
    return (left[:, :dimensions] * np.sqrt(values[:dimensions])).astype(np.float32)


def unit(rows):
    lengths = np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    return rows / lengths, lengths


def batches(kinds, size, random):
    """Pairs of one kind together, so that a batch is not solved by telling kinds apart."""
    order = random.permutation(len(kinds))
    found = []
    for kind in np.unique(kinds):
        members = order[kinds[order] == kind]
        found += [members[at : at + size] for at in range(0, len(members) - size + 1, size)]
    return [found[at] for at in random.permutation(len(found))]


def words_of(numbers, spans):
    """The known words of spans, and the span that each is in."""
    lengths = spans[:, 1] - spans[:, 0]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    places = np.arange(lengths.sum()) - np.repeat(starts - spans[:, 0], lengths)
    owner, words = np.repeat(np.arange(len(spans)), lengths), numbers[places]
    return owner[words >= 0], words[words >= 0]


def step(vectors, squares, numbers, left, right, rate):
    """One step of Adagrad on a batch. Returns the loss."""
    size = len(left)
    (left_owner, left_words), (right_owner, right_words) = words_of(numbers, left), words_of(numbers, right)
    rows, place = np.unique(np.concatenate([left_words, right_words]), return_inverse=True)
    split = len(left_words)
    sums = lambda owner, at: sparse.csr_matrix((np.ones(len(at), np.float32), (owner, at)), shape=(size, len(rows)))
    left_sums, right_sums = sums(left_owner, place[:split]), sums(right_owner, place[split:])
    known = vectors[rows]
    (one, one_length), (other, other_length) = unit(left_sums @ known), unit(right_sums @ known)
    odds = np.exp(SCALE * (one @ other.T) - SCALE)
    forward, backward = odds / odds.sum(1, keepdims=True), odds / odds.sum(0, keepdims=True)
    diagonal = np.arange(size)
    loss = float(-np.log(forward[diagonal, diagonal] + 1e-9).mean())
    slope = (forward + backward) / 2
    slope[diagonal, diagonal] -= 1
    slope *= SCALE / size
    to_one, to_other = slope @ other, slope.T @ one
    to_one = (to_one - (to_one * one).sum(1, keepdims=True) * one) / one_length
    to_other = (to_other - (to_other * other).sum(1, keepdims=True) * other) / other_length
    change = left_sums.T @ to_one + right_sums.T @ to_other
    squares[rows] += change * change
    vectors[rows] = known - rate * change / np.sqrt(squares[rows])
    return loss


def first_vectors(numbers, texts, counts, dimensions, random):
    """SVD vectors; frequent words are shorter."""
    information = positive_information(cooccurrence(numbers, texts, len(counts)))
    say("information of", information.nnz, "pairs of words")
    vectors, _ = unit(factors(information, dimensions, random))
    share = counts / len(texts)
    return (vectors * (0.1 + 0.9 * 0.01 / (0.01 + share))[:, None]).astype(np.float32)


def train(numbers, texts, pairs, counts, options):
    random = np.random.default_rng(options.seed)
    vectors = first_vectors(numbers, texts, counts, options.dimensions, random)
    squares = np.full(vectors.shape, 1e-6, np.float32)
    steps, done, waiting, loss = int(len(pairs) * options.epochs / options.batch), 0, [], 0.0
    while done < steps:
        kinds = pairs[:, 4] * (not options.mix)
        waiting = waiting or batches(kinds, options.batch, random)
        if not waiting:
            raise SystemExit("There are fewer pairs of each kind than a batch has.")
        batch = pairs[waiting.pop()]
        rate = options.rate * (1 - done / steps)
        loss = 0.99 * loss + 0.01 * step(vectors, squares, numbers, batch[:, :2], batch[:, 2:4], rate)
        done += 1
        if done % 500 == 0:
            say("step", done, "of", steps, "loss %.3f" % loss)
    return vectors


def write_table(folder, words, vectors):
    """Rows of signed bytes, and each word with its vector's length as its weight."""
    directions, lengths = unit(vectors)
    rows = np.round(directions * (127 / np.abs(directions).max(1, keepdims=True)))
    rows.astype(np.int8).tofile(os.path.join(folder, "vectors.int8.bin"))
    weights = lengths.ravel() / np.median(lengths)
    with open(os.path.join(folder, "words.tsv"), "w", encoding="utf8") as file:
        file.writelines("%s\t%.4g\n" % pair for pair in zip(words, weights))


def self_test():
    """Two topics whose words never meet must come apart."""
    random = np.random.default_rng(3)
    numbers = np.concatenate([random.integers(0, 10, 6) + 10 * (text % 2) for text in range(400)]).astype(np.int32)
    starts = np.arange(0, len(numbers), 6)
    texts = np.stack([starts, starts + 6], 1)
    pairs = np.stack([starts, starts + 3, starts + 3, starts + 6, starts * 0], 1)
    options = argparse.Namespace(seed=1, dimensions=8, epochs=4, batch=50, rate=0.05, mix=False)
    vectors, _ = unit(train(numbers, texts, pairs, np.full(20, 100.0), options))
    again, _ = unit(train(numbers, texts, pairs, np.full(20, 100.0), options))
    near = vectors @ vectors.T
    inside, across = near[:10, :10].mean(), near[:10, 10:].mean()
    print("inside %.3f across %.3f" % (inside, across))
    return 0 if inside > across + 0.3 and np.array_equal(vectors, again) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("prepared", nargs="?", help="the folder that prepare-text.ts made")
    parser.add_argument("--out", help="the folder for vectors.int8.bin and words.tsv")
    parser.add_argument("--words", type=int, default=25000, help="rows of the table")
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mix", action="store_true", help="batches of all kinds of pairs together")
    parser.add_argument("--self-test", action="store_true", help="trains on a few made-up words")
    options = parser.parse_args()
    if options.self_test:
        return self_test()
    if options.prepared is None or options.out is None:
        parser.error("needs the prepared folder and --out")
    read = lambda name, kind: np.fromfile(os.path.join(options.prepared, name), dtype=kind)
    with open(os.path.join(options.prepared, "words.tsv"), encoding="utf8") as file:
        words = [line.rstrip("\n").split("\t") for line in file]
    numbers = read("numbers.i32", np.int32)
    texts = read("texts.u32", np.uint32).reshape(-1, 2).astype(np.int64)
    pairs = read("pairs.u32", np.uint32).reshape(-1, 5).astype(np.int64)
    counts = np.array([float(count) for _, count in words])
    vectors = train(numbers, texts, pairs, counts, options)
    os.makedirs(options.out, exist_ok=True)
    write_table(options.out, [word for word, _ in words[: options.words]], vectors[: options.words])
    say("written to", options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
