// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <tfx/base/dtype.hpp>
#include <tfx/base/raise.hpp>
#include <tfx/data/gzip.hpp>
#include <tfx/io/file.hpp>
#include <tfx/tensor/container.hpp>
#include <vector>

TFX_BEGIN
namespace data {

struct csv_options {
  /// Whether the first line holds the names of the columns.
  bool header = true;
  char delimiter = ',';
};

/// A table of text whose columns are read as what the program says they are:
///
///     auto iris = data::read_csv("iris.csv");
///     auto x = iris.columns<float>({"petal_length", "petal_width"});  // [150, 2]
///     auto y = iris.column<std::string>("species");                   // [150]
///
/// Fields may stand in quotes, with delimiters, line ends and doubled quotes in them; lines end in LF or CRLF; empty
/// lines are nothing (RFC 4180). Errors name the file, the line and the column.
class csv {
 public:
  /// Reads text; `name` is what an error calls it. Refused with DataLossError: quotes that are not closed, or stand
  /// amid a field; lines of fewer or more fields than the first.
  csv(std::vector<std::uint8_t> bytes, std::string name, csv_options const& o = {})
      : text_(std::move(bytes)), name_(std::move(name)) {
    parse(o.delimiter);
    if (o.header) take_names();
  }

  /// Number of rows, without the header.
  i64 size() const { return names_.empty() ? 0 : static_cast<i64>(fields_.size() / names_.size()); }
  /// Of the columns; their places 0, 1, … as text where there is no header.
  std::vector<std::string> const& names() const { return names_; }

  /// A column, by its name or its place from 0 on: [size]. Numbers and bool (0, 1, true, false) may have blanks around
  /// them; a field that is empty, or no such number, or outside the dtype's range is refused with InvalidArgumentError.
  template <element T>
  row_major_tensor<T, 1> column(std::string_view name) const {
    return read<T>(find(name), nullptr);
  }
  template <element T>
  row_major_tensor<T, 1> column(i64 place) const {
    return read<T>(find(place), nullptr);
  }
  /// The same with a value for fields that are empty.
  template <element T>
  row_major_tensor<T, 1> column(std::string_view name, std::type_identity_t<T> const& missing) const {
    return read<T>(find(name), &missing);
  }
  template <element T>
  row_major_tensor<T, 1> column(i64 place, std::type_identity_t<T> const& missing) const {
    return read<T>(find(place), &missing);
  }
  /// Several columns of one dtype side by side: [size, count].
  template <element T>
  row_major_tensor<T, 2> columns(std::initializer_list<std::string_view> names) const {
    return read_several<T>(names);
  }
  template <element T>
  row_major_tensor<T, 2> columns(std::initializer_list<i64> places) const {
    return read_several<T>(places);
  }

 private:
  /// What stands between two delimiters, without its quotes.
  struct field {
    std::size_t begin, size, line;
  };
  std::vector<std::uint8_t> text_;
  std::string name_;
  std::vector<std::string> names_;
  std::vector<field> fields_;

  std::string_view text(field const& f) const {
    return {reinterpret_cast<char const*>(text_.data()) + f.begin, f.size};
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_text(std::size_t line, std::size_t column,
                                                                char const* what) const {
    raise<errors::DataLossError>("%s, line %zu, column %zu: %s", name_.c_str(), line, column + 1, what);
  }

  /// Splits the text into fields; doubled quotes become one where they stand.
  [[gnu::noinline]] void parse(char delimiter) {
    auto* const t = text_.data();
    std::size_t const size = text_.size();
    std::size_t at = size >= 3 && t[0] == 0xEF && t[1] == 0xBB && t[2] == 0xBF ? 3 : 0;  // a byte order mark
    std::size_t line = 1, count = 0;
    auto const line_end = [&] {
      return at == size ? 0 : t[at] == '\n' ? 1 : t[at] == '\r' && at + 1 < size && t[at + 1] == '\n' ? 2 : -1;
    };
    while (at < size) {
      if (int const end = line_end(); end > 0) {
        at += static_cast<std::size_t>(end);
        ++line;
        continue;
      }
      std::size_t const first_line = line;
      std::size_t column = 0;
      for (;; ++column) {
        field f{at, 0, line};
        if (at < size && t[at] == '"') {
          f.begin = ++at;
          std::size_t to = at;
          for (;; ++at) {
            if (at == size) refuse_text(f.line, column, "a quote is not closed");
            if (t[at] == '"' && (at + 1 == size || t[++at] != '"')) break;
            if (t[at] == '\n') ++line;
            t[to++] = t[at];
          }
          if (at + 1 == size && t[at] == '"') ++at;
          f.size = to - f.begin;
          if (line_end() < 0 && t[at] != static_cast<std::uint8_t>(delimiter))
            refuse_text(line, column, "a field goes on after its closing quote");
        } else {
          for (; line_end() < 0 && t[at] != static_cast<std::uint8_t>(delimiter); ++at)
            if (t[at] == '"') refuse_text(line, column, "a quote stands in a field that does not begin with one");
          f.size = at - f.begin;
        }
        fields_.push_back(f);
        int const end = line_end();
        if (end < 0) {
          ++at;
          continue;
        }
        at += static_cast<std::size_t>(end);
        line += end > 0;
        break;
      }
      ++column;
      if (count == 0) count = column;
      if (column != count)
        raise<errors::DataLossError>("%s, line %zu, column %zu: the line has %zu fields, and the first one %zu",
                                     name_.c_str(), first_line, column < count ? column + 1 : count + 1, column, count);
    }
    for (std::size_t i = 0; i < count; ++i) names_.push_back(std::to_string(i));
  }
  void take_names() {
    for (std::size_t i = 0; i < names_.size(); ++i) names_[i] = text(fields_[i]);
    fields_.erase(fields_.begin(), fields_.begin() + static_cast<std::ptrdiff_t>(names_.size()));
  }

  [[gnu::noinline]] std::size_t find(std::string_view name) const {
    std::size_t found = names_.size();
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] != name) continue;
      if (found != names_.size())
        raise<errors::InvalidArgumentError>("%s: several columns are called '%s'\nhelp: ask by their places",
                                            name_.c_str(), names_[i].c_str());
      found = i;
    }
    if (found != names_.size()) return found;
    std::string all;
    for (std::string const& one : names_) all += (all.empty() ? "" : ", ") + one;
    raise<errors::NotFoundError>("%s: has no column '%.*s'; it has %s", name_.c_str(), static_cast<int>(name.size()),
                                 name.data(), all.c_str());
  }
  [[gnu::noinline]] std::size_t find(i64 place) const {
    if (place < 0 || place >= static_cast<i64>(names_.size()))
      raise<errors::NotFoundError>("%s: has no column %lld; it has %zu", name_.c_str(), static_cast<long long>(place),
                                   names_.size());
    return static_cast<std::size_t>(place);
  }

  /// A number in the whole of a text.
  template <class T>
  static bool parse_number(std::string_view text, T& to) {
    if constexpr (std::is_same_v<T, std::string>) {
      to = text;
      return true;
    } else {
      auto const blank = [](char c) { return c == ' ' || c == '\t'; };
      while (!text.empty() && blank(text.front())) text.remove_prefix(1);
      while (!text.empty() && blank(text.back())) text.remove_suffix(1);
      if constexpr (std::is_same_v<T, bool>) {
        to = text == "1" || text == "true" || text == "True" || text == "TRUE";
        return to || text == "0" || text == "false" || text == "False" || text == "FALSE";
      } else {
        static_assert(is_number(dtype_of<T>), "tfx: a column holds real numbers, bool or text");
        if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
        char const* const end = text.data() + text.size();
        auto const [last, error] = std::from_chars(text.data(), end, to);
        if (error == std::errc()) return last == end;
        if constexpr (std::is_floating_point_v<T>) {
          // Too small is zero; too large is refused.
          long double wide = 0;
          auto const again = std::from_chars(text.data(), end, wide);
          to = static_cast<T>(wide);
          return again.ec == std::errc() && again.ptr == end && wide > -1 && wide < 1;
        }
        return false;
      }
    }
  }
  template <class T>
  void read_into(std::size_t column, T const* missing, T* to, std::size_t step) const {
    for (std::size_t i = column; i < fields_.size(); i += names_.size(), to += step) {
      field const& f = fields_[i];
      std::string_view const field_text = text(f);
      if (field_text.empty() && missing != nullptr) {
        *to = *missing;
      } else if (!parse_number(field_text, *to)) {
        refuse_field(f, column, dtype_of<T>, missing != nullptr);
      }
    }
  }
  [[noreturn]] [[gnu::cold]] [[gnu::noinline]] void refuse_field(field const& f, std::size_t column, dtype wanted,
                                                                 bool has_missing) const {
    bool const help = f.size == 0 && !has_missing;
    raise<errors::InvalidArgumentError>(
        "%s, line %zu, column %zu (%s): '%.*s' is not a valid %s%s", name_.c_str(), f.line, column + 1,
        names_[column].c_str(), static_cast<int>(f.size), text(f).data(), to_string(wanted).data(),
        help ? "\nhelp: column<T>(name, value) has a value for fields that are empty" : "");
  }
  template <class T>
  row_major_tensor<T, 1> read(std::size_t column, T const* missing) const {
    auto result = row_major_tensor<T, 1>::from_shape({static_cast<std::size_t>(size())});
    read_into(column, missing, result.data(), 1);
    return result;
  }
  template <class T, class Places>
  row_major_tensor<T, 2> read_several(Places const& places) const {
    auto result = row_major_tensor<T, 2>::from_shape({static_cast<std::size_t>(size()), places.size()});
    T* to = result.data();
    for (auto const& place : places) read_into<T>(find(place), nullptr, to++, places.size());
    return result;
  }
};

/// Reads a CSV file, plain or packed by gzip: its first bytes tell which, not its name.
inline csv read_csv(std::string const& path, csv_options const& o = {}) {
  auto bytes = io::read_file(path);
  if (is_gzip(bytes)) bytes = gunzip(bytes, path);
  return csv(std::move(bytes), path, o);
}

}  // namespace data
TFX_END
