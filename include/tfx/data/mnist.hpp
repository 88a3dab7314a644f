// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <string>
#include <tfx/base/config.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/data/dataset.hpp>
#include <tfx/data/idx.hpp>

TFX_BEGIN
namespace datasets::mnist {

struct options {
  /// For TensorFlow's sake: a data set has its labels in both forms, one-hot as `labels` and as numbers in `classes`.
  bool one_hot = false;
  /// How many of the training images, from the first on, are kept apart for validation.
  i64 validation_size = 5000;
  /// The seed of the order in which batches are given out.
  i64 seed = 1;
  /// Images are rows of 784 pixels. How many dimensions they have the type must tell: `read_data_sets<float, 4>` gives
  /// them as [n, 28, 28, 1], which TensorFlow calls reshape=False.
  bool reshape = true;
};

namespace detail {

inline constexpr i64 side = 28;

/// Whether there is a file, and not a folder, which opens but cannot be read.
[[gnu::noinline]] inline bool is_file(char const* path) {
  std::FILE* const file = std::fopen(path, "rb");
  if (!file) return false;
  std::fgetc(file);
  bool const reads = std::ferror(file) == 0;
  std::fclose(file);
  return reads;
}
/// The file of that name in the folder, or the one that has .gz behind it; some tools unpack it to a name with a dot,
/// train-images.idx3-ubyte.
template <class Idx = data::idx>
[[gnu::noinline]] Idx read_part(std::string const& folder, char const* name, std::string& path) {
  path = folder;
  if (!folder.empty() && folder.back() != '/') path += "/";
  path += name;
  std::size_t const size = path.size(), dash = size - sizeof("idx3-ubyte");
  // Where there is none, the error names the packed one.
  for (char const mark : {'-', '.', '-'}) {
    path.resize(size);
    path[dash] = mark;
    if (is_file(path.c_str())) break;
    path += ".gz";
    if (is_file(path.c_str())) break;
  }
  return data::read_idx(path);
}

template <class Idx>
struct basic_labelled {
  Idx images, labels;
  i64 size() const { return labels.dims[0]; }
};
using labelled = basic_labelled<data::idx>;

template <class Idx>
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_shape(std::string const& path, char const* must,
                                                               Idx const& array) {
  char shape[21 * 255 + 1] = "";
  int at = 0;
  for (i64 extent : array.dims)
    at += std::snprintf(shape + at, 22, "%s%lld", at > 0 ? "," : "", static_cast<long long>(extent));
  raise<errors::DataLossError>("%s: must hold %s, but is [%s]", path.c_str(), must, shape);
}

template <class Part = labelled>
[[gnu::noinline]] Part read_pair(std::string const& folder, char const* images, char const* labels) {
  std::string image_path, label_path;
  Part part{read_part(folder, images, image_path), read_part(folder, labels, label_path)};
  auto const& dims = part.images.dims;
  if (dims.size() != 3 || dims[1] != side || dims[2] != side)
    refuse_shape(image_path, "images of 28 by 28 pixels, [n,28,28]", part.images);
  if (part.labels.dims.size() != 1) refuse_shape(label_path, "labels, [n]", part.labels);
  if (dims[0] != part.size())
    raise<errors::DataLossError>("%s: holds %lld labels for the %lld images of %s", label_path.c_str(),
                                 static_cast<long long>(part.size()), static_cast<long long>(dims[0]),
                                 image_path.c_str());
  for (std::size_t i = 0; i < part.labels.data.size(); ++i)
    if (part.labels.data[i] >= class_count)
      raise<errors::DataLossError>("%s: label %llu is %u, but must be 0 to 9", label_path.c_str(),
                                   static_cast<unsigned long long>(i), unsigned{part.labels.data[i]});
  return part;
}

}  // namespace detail

/// Reads MNIST's four IDX files, plain or packed by gzip, from a folder: 55000 images to train with, 5000 to validate
/// and 10000 to test. T is the dtype of pixels and one-hot labels: float or double in [0, 1], or std::uint8_t, which
/// leaves pixels as they are, from 0 to 255.
template <class T = float, std::size_t Rank = 2>
basic_splits<T, Rank> read_data_sets(std::string const& folder, options const& o = {}) {
  if (!o.reshape && Rank == 2)
    raise<errors::UnimplementedError>(
        "read_data_sets: images are rows of 784 pixels\nhelp: read_data_sets<float, 4> gives [n, 28, 28, 1]");
  auto const train = detail::read_pair(folder, "train-images-idx3-ubyte", "train-labels-idx1-ubyte");
  auto const test = detail::read_pair(folder, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte");
  if (o.validation_size < 0 || o.validation_size > train.size())
    raise<errors::InvalidArgumentError>("Validation size should be between 0 and %lld. Received: %lld.",
                                        static_cast<long long>(train.size()),
                                        static_cast<long long>(o.validation_size));
  constexpr i64 pixels = detail::side * detail::side;
  auto const part = [&](detail::labelled const& from, i64 first, i64 count, u64 stream) {
    return basic_dataset<T, i64, Rank>(from.images.data.data() + first * pixels, from.labels.data.data() + first, count,
                                       pixels, {static_cast<u64>(o.seed), stream});
  };
  i64 const kept = o.validation_size;
  return {part(train, kept, train.size() - kept, 1), part(train, 0, kept, 2), part(test, 0, test.size(), 3)};
}

}  // namespace datasets::mnist
TFX_END
