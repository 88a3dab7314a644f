// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <tfx/io/bundle.hpp>
#include <tfx/io/npz.hpp>
#include <tfx/io/safetensors.hpp>

TFX_BEGIN
namespace io {

// Named tensors in files, whose path tells the format: `model.npz`, `model.safetensors`, and else the prefix of a
// checkpoint of TensorFlow's.

namespace detail {
enum class tensor_format : unsigned char { bundle, npz, safetensors };
template <class = void>
bool ends_in(std::string_view path, std::string_view ending) {
  return path.size() > ending.size() && path.substr(path.size() - ending.size()) == ending;
}
template <class = void>
tensor_format format_of(std::string_view path) {
  if (ends_in(path, ".npz")) return tensor_format::npz;
  return ends_in(path, ".safetensors") ? tensor_format::safetensors : tensor_format::bundle;
}
/// How much of a path stands before the ending that tells the format.
template <class = void>
std::size_t stem_size(std::string_view path) {
  tensor_format const format = format_of(path);
  return path.size() - (format == tensor_format::npz ? 4 : format == tensor_format::safetensors ? 12 : 0);
}
}  // namespace detail

template <class Text = std::string>
bool has_tensors(std::string const& path) {
  return detail::format_of(path) == detail::tensor_format::bundle ? is_bundle(path) : exists(path);
}
/// Opens what is there; NotFoundError if nothing is, DataLossError if it is damaged.
template <class Text = std::string>
std::unique_ptr<basic_tensor_reader<Text>> open_tensors(std::string const& path) {
  using reader = std::unique_ptr<basic_tensor_reader<Text>>;
  switch (detail::format_of(path)) {
    case detail::tensor_format::npz:
      return reader(new npz_reader<Text>(path));
    case detail::tensor_format::safetensors:
      return reader(new safetensors_reader<Text>(path));
    default:
      return reader(new basic_bundle_reader<Text>(path));
  }
}
/// Writes `count` tensors of different names, which it sorts. What is there is replaced at once, as a whole.
template <class Text = std::string>
void write_tensors(std::string const& path, tensor_source* tensors, int count) {
  if (count > 0) std::qsort(tensors, static_cast<std::size_t>(count), sizeof(tensor_source), detail::compare_sources);
  switch (detail::format_of(path)) {
    case detail::tensor_format::npz:
      return write_npz(path, tensors, count);
    case detail::tensor_format::safetensors:
      return write_safetensors(path, tensors, count);
    default:
      write_bundle(path, tensors, count);
  }
}
template <class Text = std::string>
void remove_tensors(std::string const& path) {
  if (detail::format_of(path) == detail::tensor_format::bundle) {
    remove_bundle(path);
  } else {
    detail::remove_file(path.c_str());
  }
}

}  // namespace io
TFX_END
