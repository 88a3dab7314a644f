// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <tfx/graph/effects.hpp>
#include <tfx/kernel/described.hpp>
#include <tuple>

TFX_BEGIN

/// What a check says where it fails, or a print begins with: `message<"p must be positive">`.
template <name Text>
struct message_t {};
template <name Text>
inline constexpr message_t<Text> message{};
/// How many elements of each tensor a text shows, 3 if nothing is said, and -1 all of them. `tf::print` shows so many
/// at both ends of each axis.
template <int Count>
struct summarize_t {};
template <int Count>
inline constexpr summarize_t<Count> summarize{};

namespace detail {
/// Eight characters of a text as a static attribute.
constexpr i64 text_word(char const* text, int size, int word) {
  u64 bits = 0;
  for (int i = 0; i < 8 && 8 * word + i < size; ++i)
    bits |= static_cast<u64>(static_cast<unsigned char>(text[8 * word + i])) << (8 * i);
  return static_cast<i64>(bits);
}
constexpr char text_char(i64 const* words, int i) {
  return static_cast<char>(static_cast<u64>(words[i / 8]) >> (8 * (i % 8)) & 0xff);
}
constexpr void add_text_words(vector<i64>& words, char const* text, int size) {
  for (int i = 0; 8 * i < size; ++i) words.push_back(text_word(text, size, i));
}

/// How the parts of a text stand in it: each in brackets after a space, in brackets, or after a space.
enum class text_style : unsigned char { spaced_brackets, brackets, spaced };
/// A text with a mark in the place of each tensor that is shown: its elements in brackets by rows, as tf.Print writes
/// them; all axes in brackets, as tf.print does; or a string as it is.
struct shown_text {
  static constexpr char tensor = 1, nested = 2, plain = 3;

  text_style style;
  vector<char> text;
  bool any = false;

  constexpr void add(std::string_view more) {
    for (char const c : more)
      if (static_cast<unsigned char>(c) > plain) text.push_back(c);
  }
  constexpr void add_part(std::string_view first, std::string_view second = {}, std::string_view third = {}) {
    begin();
    add(first);
    add(second);
    add(third);
    end();
  }
  constexpr void add_mark(char mark) {
    begin();
    text.push_back(mark);
    end();
  }

 private:
  constexpr void begin() {
    if (any && style != text_style::brackets) text.push_back(' ');
    any = true;
    if (style != text_style::spaced) text.push_back('[');
  }
  constexpr void end() {
    if (style != text_style::spaced) text.push_back(']');
  }
};

/// The words that `Source::make` makes, a function of the compiler's.
template <class Source>
struct made_words {
  static constexpr int count = Source::make().count;
  struct list {
    i64 word[count + 1] = {};
    constexpr list() {
      vector<i64> const made = Source::make();
      for (int i = 0; i < count; ++i) word[i] = made.items[i];
    }
  };
  static constexpr list values{};
  template <int... I>
  static words<values.word[I]...> expand(std::integer_sequence<int, I...>);
  using type = decltype(expand(std::make_integer_sequence<int, count>{}));
};

/// The name of a tensor, of which nothing but the type may be known, as a value of the compiler's: `p:0`.
constexpr vector<char> tensor_name_of(std::string_view op, i64 output) {
  vector<char> text;
  text.append(op.data(), static_cast<int>(op.size()));
  text.push_back(':');
  write_number(text, output);
  return text;
}
constexpr vector<char> tensor_name_of(descriptor const& tensor) {
  descriptor const& d = meaning(tensor);
  return tensor_name_of(spoken_name(d), d.op->kind == op_kind::output ? d.words[0] : 0);
}
constexpr vector<char> tensor_name_of(function_graph const& g, int id) {
  node const* n = &g.nodes[id];
  if (is<outside_op>(n->op)) return tensor_name_of(*g.outside[static_cast<int>(g.word(*n, 0))]);
  i64 const output = n->op->kind == op_kind::output ? g.word(*n, 0) : 0;
  if (n->op->kind == op_kind::output) {
    id = g.input(*n, 0);
    n = &g.nodes[id];
  }
  std::string_view const name = g.name_of(id);
  return tensor_name_of(name.empty() ? n->op->name : name, output);
}
constexpr vector<char> tensor_name_of(fragment const& x) {
  fragment_part const* of = x.part;
  if (of->outside) return tensor_name_of(*of->outside);
  bool const is_output = of->self.op->kind == op_kind::output;
  i64 const output = is_output ? *of->words : 0;
  if (is_output) of = of->inputs[0];
  return tensor_name_of(
      of->text_size == 0 ? of->self.op->name : std::string_view(of->text, static_cast<std::size_t>(of->text_size)),
      output);
}
template <class X>
constexpr vector<char> tensor_name_of(X const* x) {
  if constexpr (typed_expression<X>) {
    return tensor_name_of(*lookup(key<X::hash>{}));
  } else if constexpr (std::is_same_v<X, handle>) {
    return tensor_name_of(*static_cast<function_graph const*>(x->graph), x->id);
  } else {
    return tensor_name_of(*x);
  }
}
constexpr std::string_view view_of(vector<char> const& text) {
  return {text.items, static_cast<std::size_t>(text.count)};
}

// What follows is compiled by programs that show something: `Text` is std::string.

/// A tensor that a text shows.
struct shown_tensor {
  void const* data;
  dtype type;
  int rank;
  i64 extent[max_rank];

  i64 count(int from = 0) const {
    i64 n = 1;
    for (int i = from; i < rank; ++i) n *= extent[i];
    return n;
  }
};

/// A number in as few digits as TensorFlow's StrCat writes: one more try where six, or fifteen, are not the number.
template <class Text, class T>
void write_floating(Text& out, T value, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, static_cast<double>(value));
  if (std::isnan(value)) {
    out += "nan";  // printf signs a NaN
  } else if (static_cast<T>(std::strtod(text, nullptr)) == value) {
    out += text;
  } else {
    std::snprintf(text, sizeof text, "%.*g", digits + 2, static_cast<double>(value));
    out += text;
  }
}
/// Text as C would spell it in a literal.
template <class Text>
void write_escaped(Text& out, Text const& text) {
  for (char const c : text) {
    char const* const from = "\n\r\t\"'\\";
    char const* const to = "nrt\"'\\";
    int at = 0;
    while (from[at] != 0 && from[at] != c) ++at;
    if (from[at] != 0) {
      out += '\\';
      out += to[at];
    } else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f) {
      char octal[8];
      std::snprintf(octal, sizeof octal, "\\%03o", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += octal;
    } else {
      out += c;
    }
  }
}
template <class Text>
[[gnu::noinline]] void write_element(Text& out, shown_tensor const& x, i64 i, bool quoted) {
  auto const at = [&]<class T>(T const* data) -> T const& { return data[i]; };
  auto const whole = [&]<class T>(T const*) {
    char text[24];
    i64 const value = static_cast<i64>(at(static_cast<T const*>(x.data)));
    if constexpr (std::is_same_v<T, u64>) {
      std::snprintf(text, sizeof text, "%llu", static_cast<unsigned long long>(value));
    } else {
      std::snprintf(text, sizeof text, "%lld", static_cast<long long>(value));
    }
    out += text;
  };
  auto const complex = [&]<class T>(T const*, int digits) {
    T const& value = at(static_cast<T const*>(x.data));
    out += '(';
    write_floating(out, value.real(), digits);
    out += ',';
    write_floating(out, value.imag(), digits);
    out += ')';
  };
  switch (x.type) {
    case dtype::float32:
      return write_floating(out, at(static_cast<float const*>(x.data)), 6);
    case dtype::float64:
      return write_floating(out, at(static_cast<double const*>(x.data)), 15);
    case dtype::complex64:
      return complex(static_cast<type_of<dtype::complex64> const*>(nullptr), 6);
    case dtype::complex128:
      return complex(static_cast<type_of<dtype::complex128> const*>(nullptr), 15);
    case dtype::string:
      if (quoted) out += '"';
      write_escaped(out, at(static_cast<Text const*>(x.data)));
      if (quoted) out += '"';
      return;
    case dtype::boolean:
      return whole(static_cast<bool const*>(nullptr));
    case dtype::int8:
      return whole(static_cast<std::int8_t const*>(nullptr));
    case dtype::uint8:
      return whole(static_cast<std::uint8_t const*>(nullptr));
    case dtype::int16:
      return whole(static_cast<std::int16_t const*>(nullptr));
    case dtype::uint16:
      return whole(static_cast<std::uint16_t const*>(nullptr));
    case dtype::int32:
      return whole(static_cast<std::int32_t const*>(nullptr));
    case dtype::uint32:
      return whole(static_cast<std::uint32_t const*>(nullptr));
    case dtype::int64:
      return whole(static_cast<std::int64_t const*>(nullptr));
    case dtype::uint64:
      return whole(static_cast<u64 const*>(nullptr));
    default:
      return;
  }
}
/// The rows of an axis, of which the first `limit` elements of the tensor are shown; `at` counts those.
template <class Text>
void write_rows(Text& out, shown_tensor const& x, int axis, i64 limit, i64& at) {
  for (i64 i = 0; i < x.extent[axis]; ++i) {
    if (axis + 1 < x.rank) {
      if (at >= limit) return;
      out += '[';
      write_rows(out, x, axis + 1, limit, at);
      out += ']';
    } else if (at >= limit) {
      if (axis > 0) out += "...";
      return;
    } else {
      if (i > 0) out += ' ';
      write_element(out, x, at++, false);
    }
  }
}
/// An axis in brackets, with so many of its elements at both ends; a row of rows is a line.
template <class Text>
void write_nested(Text& out, shown_tensor const& x, int axis, i64 ends, i64 first) {
  if (axis == x.rank) return write_element(out, x, first, true);
  i64 const n = x.extent[axis], stride = x.count(axis + 1);
  auto const separate = [&] {
    for (int k = axis + 1; k < x.rank; ++k) out += '\n';
    for (int k = 0; k <= (axis + 1 < x.rank ? axis : 0); ++k) out += ' ';
  };
  out += '[';
  for (i64 i = 0; i < n; ++i) {
    if (i > 0) separate();
    if (i == ends && n > 2 * ends) {
      out += "...";
      i = n - ends;
      if (ends == 0) break;
      separate();
    }
    write_nested(out, x, axis + 1, ends, first + i * stride);
  }
  out += ']';
}
/// The text that `words` spell, with `tensors` in the places of its marks.
template <class Text>
[[gnu::noinline]] void write_shown(Text& out, attribute_words words, i64 summarize, shown_tensor const* tensors,
                                   int count) {
  int next = 0;
  for (int i = 0; i < 8 * words.count; ++i) {
    char const c = text_char(words.at, i);
    if (c == 0) return;
    if (static_cast<unsigned char>(c) > shown_text::plain) {
      out += c;
    } else if (next < count) {
      shown_tensor const& x = tensors[next++];
      i64 const all = x.count(), limit = summarize < 0 || summarize > all ? all : summarize;
      if (c == shown_text::plain) {
        out += *static_cast<Text const*>(x.data);
      } else if (c == shown_text::nested) {
        write_nested(out, x, 0, summarize < 0 ? all : summarize, 0);
      } else {
        i64 at = 0;
        if (x.rank > 0) {
          write_rows(out, x, 0, limit, at);
        } else if (limit > 0) {
          write_element(out, x, 0, false);
        }
        if (all > limit) out += "...";
      }
    }
  }
}
template <int I, class Call>
shown_tensor shown_input(Call const& call) {
  constexpr dims shape = Call::in_shape(I);
  shown_tensor x{call.template in<I>(), dtype_of<typename Call::template in_type<I>>, shape.rank, {}};
  for (int k = 0; k < shape.rank; ++k) x.extent[k] = call.extent(shape[k]);
  return x;
}
/// The words of a call before its text: how many elements are shown, the place in the source, in how many runs.
inline constexpr int first_text_word = 3;
/// The text of a call whose tensors are its inputs from `First` on.
template <int First, class Call, int... I>
std::string shown_by(Call const& call, std::integer_sequence<int, I...>) {
  static constexpr attribute_words attributes = Call::attributes();
  shown_tensor const tensors[] = {shown_input<First + I>(call)..., {}};
  std::string text;
  write_shown(text, attributes.rest(first_text_word), attributes[0], tensors, sizeof...(I));
  return text;
}
template <int First, class Call>
std::string shown_by(Call const& call) {
  return shown_by<First>(call, std::make_integer_sequence<int, Call::input_count - First>{});
}
}  // namespace detail

TFX_END
