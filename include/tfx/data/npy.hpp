// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <tfx/base/dtype.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/data/inflate.hpp>
#include <tfx/io/file.hpp>
#include <tfx/shape/extents_text.hpp>
#include <tfx/tensor/value.hpp>
#include <vector>

TFX_BEGIN
namespace data {

// NumPy's files of one array (format versions 1 to 3). xtensor's reader (xnpy.hpp) makes room before it has looked at
// what there is, takes a short file for a whole one, wants the header's keys in one order, and costs <regex>; so the
// header is read here, and tests compare with xtensor's.

namespace detail {

/// The letter and size that NumPy writes for a dtype: f4, i8, b1, c16.
struct npy_type {
  char kind;
  int size;
};
template <class T>
constexpr npy_type npy_type_of() {
  constexpr dtype d = held_as(dtype_of<T>);
  static_assert(d != dtype::string, "tfx: .npy files hold numbers and bool");
  bool const is_unsigned = d == dtype::uint8 || d == dtype::uint16 || d == dtype::uint32 || d == dtype::uint64;
  return {d == dtype::boolean ? 'b'
          : is_complex(d)     ? 'c'
          : is_floating(d)    ? 'f'
          : is_unsigned       ? 'u'
                              : 'i',
          bytes_of(d)};
}

/// What the header of a file says, all of it checked against the size of the file.
struct npy_header {
  bool big_endian = false, fortran_order = false;
  dims shape;
  std::size_t start = 0;  // where the elements begin
};

/// Reads the header, a Python dictionary of three entries, which may stand in any order.
class npy_parser {
 public:
  npy_parser(byte_view bytes, char const* name) : bytes_(bytes), name_(name) {}

  [[gnu::noinline]] npy_header read(npy_type wanted, char const* wanted_name) {
    find_header();
    bool seen[3] = {};
    expect('{');
    while (!accept('}')) {
      std::string const key = text();
      expect(':');
      int const entry = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : -1;
      if (entry < 0 || seen[entry]) refuse("the header has an entry that does not belong there");
      seen[entry] = true;
      if (entry == 0) read_type();
      if (entry == 1) header_.fortran_order = truth();
      if (entry == 2) read_shape();
      if (!accept(',') && !next_is('}')) refuse("the header is no dictionary");
    }
    if (!(seen[0] && seen[1] && seen[2])) refuse("the header lacks 'descr', 'fortran_order' or 'shape'");
    skip_blanks();
    if (at_ != end_) refuse("the header goes on after its end");
    check_type(wanted, wanted_name);
    check_size(wanted.size);
    return header_;
  }

 private:
  byte_view bytes_;
  char const* name_;
  std::size_t at_ = 0, end_ = 0;
  std::string type_;
  npy_header header_;

  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse(char const* what) const {
    raise<errors::DataLossError>("%s: %s", name_, what);
  }
  void find_header() {
    static constexpr std::uint8_t magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
    for (std::size_t i = 0; i < sizeof magic && i < bytes_.size; ++i)
      if (bytes_[i] != magic[i]) refuse("is not a .npy file: it begins with a wrong magic string");
    if (bytes_.size < 8) refuse("the data end in the header");
    unsigned const version = bytes_[6];
    if (version < 1 || version > 3 || bytes_[7] != 0)
      raise<errors::UnimplementedError>("%s: is of version %u.%u of the format, but only 1.0 to 3.0 are read", name_,
                                        version, unsigned{bytes_[7]});
    int const length_bytes = version == 1 ? 2 : 4;
    at_ = 8 + static_cast<std::size_t>(length_bytes);
    if (bytes_.size < at_) refuse("the data end in the header");
    u64 const length = little_endian(bytes_.data + 8, length_bytes);
    if (length > bytes_.size - at_) refuse("the data end in the header");
    header_.start = end_ = at_ + static_cast<std::size_t>(length);
  }

  void skip_blanks() {
    while (at_ < end_ && (bytes_[at_] == ' ' || bytes_[at_] == '\n' || bytes_[at_] == '\t' || bytes_[at_] == '\r'))
      ++at_;
  }
  bool next_is(char c) {
    skip_blanks();
    return at_ < end_ && bytes_[at_] == static_cast<std::uint8_t>(c);
  }
  bool accept(char c) {
    bool const is = next_is(c);
    at_ += is;
    return is;
  }
  void expect(char c) {
    if (!accept(c)) refuse("the header is no dictionary");
  }
  std::string text() {
    char const quote = next_is('"') ? '"' : '\'';
    expect(quote);
    std::string result;
    for (; at_ < end_ && bytes_[at_] != static_cast<std::uint8_t>(quote); ++at_)
      result += static_cast<char>(bytes_[at_]);
    expect(quote);
    return result;
  }
  bool truth() {
    skip_blanks();
    for (char const* word : {"True", "False"}) {
      std::size_t const size = std::strlen(word);
      if (end_ - at_ < size || std::memcmp(bytes_.data + at_, word, size) != 0) continue;
      at_ += size;
      return word[0] == 'T';
    }
    refuse("'fortran_order' is neither True nor False");
  }
  void read_type() {
    if (next_is('[') || next_is('('))
      raise<errors::UnimplementedError>("%s: holds records of several fields, but only plain arrays are read", name_);
    type_ = text();
    // Two letters and a size.
    bool right = type_.size() >= 3 && type_.size() <= 8 && std::strchr("<>|=", type_[0]) != nullptr;
    for (std::size_t i = 2; i < type_.size(); ++i) right = right && type_[i] >= '0' && type_[i] <= '9';
    if (!right) refuse("'descr' is no dtype");
  }
  void read_shape() {
    expect('(');
    while (!accept(')')) {
      skip_blanks();
      u64 extent = 0;
      std::size_t const first = at_;
      for (; at_ < end_ && bytes_[at_] >= '0' && bytes_[at_] <= '9'; ++at_) {
        extent = 10 * extent + (bytes_[at_] - '0');
        if (extent >> 48 != 0) refuse("the extents are too large");
      }
      if (at_ == first) refuse("'shape' is no tuple of whole numbers");
      if (at_ < end_ && bytes_[at_] == 'L') ++at_;  // as Python 2 wrote them
      if (header_.shape.rank == max_rank)
        raise<errors::UnimplementedError>("%s: has more than %d dimensions", name_, max_rank);
      header_.shape.push_back(static_cast<i64>(extent));
      if (!accept(',') && !next_is(')')) refuse("'shape' is no tuple of whole numbers");
    }
  }
  void check_type(npy_type wanted, char const* wanted_name) {
    char const order = type_[0];
    bool const same = type_[1] == wanted.kind && type_.compare(2, std::string::npos, std::to_string(wanted.size)) == 0;
    if (!same)
      raise<errors::InvalidArgumentError>("%s: holds '%s', which is not %s, as was asked for", name_, type_.c_str(),
                                          wanted_name);
    if (wanted.size > 1 && order == '|') refuse("'descr' is no dtype");
    header_.big_endian = order == '>' || (order == '=' && std::endian::native == std::endian::big);
  }
  void check_size(int element) {
    u64 count = 1;
    dims const& shape = header_.shape;
    for (int k = 0; k < shape.rank; ++k)
      if (shape[k] == 0) count = 0;
    for (int k = 0; k < shape.rank; ++k) {
      i64 const extent = shape[k];
      if (count > (u64{1} << 59) / static_cast<u64>(extent > 0 ? extent : 1)) refuse("the extents are too large");
      count *= static_cast<u64>(extent);
    }
    u64 const size = count * static_cast<u64>(element), there = bytes_.size - header_.start;
    if (there != size)
      raise<errors::DataLossError>("%s: %s: %s needs %llu bytes, and there are %llu", name_,
                                   there < size ? "is cut short" : "has bytes after the end",
                                   tfx::detail::extents_text(shape.rank, shape.extent).text,
                                   static_cast<unsigned long long>(size), static_cast<unsigned long long>(there));
  }
};

/// Turns the bytes of each number around.
[[gnu::noinline]] inline void swap_bytes(std::uint8_t* p, std::size_t count, std::size_t size) {
  for (std::size_t i = 0; i < count; ++i, p += size) std::reverse(p, p + size);
}

/// The header that NumPy itself would write, to a multiple of 64 bytes.
[[gnu::noinline]] inline std::vector<std::uint8_t> make_npy_header(npy_type type, dims const& shape) {
  char const order = type.size == 1 ? '|' : std::endian::native == std::endian::big ? '>' : '<';
  std::string text = std::string("{'descr': '") + order + type.kind + std::to_string(type.size) +
                     "', 'fortran_order': False, 'shape': (";
  for (int i = 0; i < shape.rank; ++i) text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  text += shape.rank == 1 ? ",), }" : "), }";
  constexpr std::size_t before = 10;
  text.resize((before + text.size() + 64) / 64 * 64 - before - 1, ' ');
  text += '\n';
  std::vector<std::uint8_t> bytes{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  bytes.push_back(static_cast<std::uint8_t>(text.size() & 255));
  bytes.push_back(static_cast<std::uint8_t>(text.size() >> 8));
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

}  // namespace detail

/// The array in the bytes of a .npy file; `name` is what an error calls them. They are refused, before room is made for
/// an array, where they are damaged (DataLossError), and where their dtype or rank is not what was asked for
/// (InvalidArgumentError). Either byte order and Fortran's order of elements are read.
template <element T, std::size_t Rank>
row_major_tensor<T, Rank> parse_npy(byte_view bytes, std::string const& name) {
  static_assert(Rank <= max_rank, "tfx: a tensor has at most 8 dimensions");
  constexpr detail::npy_type type = detail::npy_type_of<T>();
  auto const header = detail::npy_parser(bytes, name.c_str()).read(type, to_string(dtype_of<T>).data());
  dims const& shape = header.shape;
  if (shape.rank != static_cast<int>(Rank))
    raise<errors::InvalidArgumentError>("%s: has the shape %s, which is not of %zu dimensions, as was asked for",
                                        name.c_str(), tfx::detail::extents_text(shape.rank, shape.extent).text, Rank);
  std::array<std::size_t, Rank> extents{};
  for (std::size_t k = 0; k < Rank; ++k) extents[k] = static_cast<std::size_t>(shape.extent[k]);
  std::size_t const size = bytes.size - header.start, count = size / sizeof(T);
  if constexpr (std::is_same_v<T, bool>)
    for (std::size_t i = 0; i < count; ++i)
      if (bytes[header.start + i] > 1) raise<errors::DataLossError>("%s: holds a bool that is neither", name.c_str());
  row_major_tensor<T, Rank> result(extents);
  if (count == 0) return result;
  std::memcpy(static_cast<void*>(result.data()), bytes.data + header.start, size);
  if (header.big_endian != (std::endian::native == std::endian::big)) {
    constexpr std::size_t part = sizeof(T) / (tfx::detail::is_complex_type<T> ? 2 : 1);
    detail::swap_bytes(reinterpret_cast<std::uint8_t*>(result.data()), size / part, part);
  }
  if constexpr (Rank > 1)
    if (header.fortran_order) {
      row_major_tensor<T, Rank> const columns = std::move(result);
      result = row_major_tensor<T, Rank>(extents);
      i64 strides[max_rank] = {1};
      for (std::size_t k = 1; k < Rank; ++k) strides[k] = strides[k - 1] * shape.extent[k - 1];
      tfx::detail::copier<T> out{result.data()};
      tfx::detail::copy_strided(out, columns.data(), shape.rank, shape.extent, strides);
    }
  return result;
}

/// Reads a .npy file: `auto weights = data::load_npy<float, 2>("weights.npy");`
template <element T, std::size_t Rank>
row_major_tensor<T, Rank> load_npy(std::string const& path) {
  return parse_npy<T, Rank>(io::read_file(path), path);
}

/// Writes a container, view or expression of xtensor, a vector or a number as a .npy file, in row-major order. The file
/// is there whole or not at all.
template <feedable V>
void save_npy(std::string const& path, V const& value) {
  using traits = tfx::detail::value_traits<V>;
  using T = typename traits::value_type;
  auto const given = traits::shape_of(value);
  if (given.rank > max_rank)
    raise<errors::InvalidArgumentError>("save_npy: an array has at most %d dimensions", max_rank);
  dims const shape = tfx::detail::as_dims(given);
  std::vector<std::uint8_t> const head = detail::make_npy_header(detail::npy_type_of<T>(), shape);
  auto const count = static_cast<std::size_t>(tfx::detail::count_of(shape));
  auto const write = [&](T const* data) {
    io::output_file out(path);
    out.write(head.data(), head.size());
    out.write(data, count * sizeof(T));
    out.commit();
  };
  if constexpr (traits::layout == tfx::detail::value_layout::row_major) {
    write(traits::data(value));
  } else {
    std::unique_ptr<T[]> const copy(new T[count + 1]);
    tfx::detail::convert_value(value, copy.get());
    write(copy.get());
  }
}

}  // namespace data
TFX_END
