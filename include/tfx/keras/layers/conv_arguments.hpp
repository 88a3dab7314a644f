// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/layer.hpp>
#include <tfx/keras/words.hpp>
#include <tfx/shape/window.hpp>

TFX_BEGIN
namespace keras {

// Never defined: using one is the error, and its name is the message.
template <class Layer, int Rank, class Input>
struct layer_expects_an_input_of_rank;
template <class Layer, class Input>
struct the_channel_dimension_of_the_inputs_should_be_defined;

namespace detail {
struct strides_tag;
struct dilation_tag;
struct padding_tag;
struct data_format_tag;
struct depth_multiplier_tag;
struct output_padding_tag;

template <i64... S>
struct tag_of<strides_t<S...>> {
  using type = strides_tag;
};
template <class Tag, i64... N>
struct numbers_for_axes {
  using tag = Tag;
};
}  // namespace detail

/// How far apart the places of a window are: `strides<2>` along every axis, `strides<2, 1>`.
using tfx::strides;
/// How far apart the elements of a window are: `dilation_rate<2>`, `dilation_rate<2, 1>`.
template <i64... D>
  requires((D > 0) && ...)
inline constexpr detail::numbers_for_axes<detail::dilation_tag, D...> dilation_rate{};
/// How many more rows and columns a transposed convolution gives than the fewest: `output_padding<1, 1>`.
template <i64... P>
  requires((P >= 0) && ...)
inline constexpr detail::numbers_for_axes<detail::output_padding_tag, P...> output_padding{};
/// How many filters of its own each channel has: `depth_multiplier<2>`.
template <int Multiplier>
  requires(Multiplier > 0)
inline constexpr static_argument<detail::depth_multiplier_tag, Multiplier> depth_multiplier{};

/// Where windows lie: within the input, around its edges too, or never after the step that they belong to.
enum class window_padding : unsigned char { valid, same, causal };
struct padding_word {
  template <class Word>
  struct refusal {
    using tag = detail::padding_tag;
    static constexpr window_padding value = window_padding::valid;
    static_assert(is_word<padding_word, Word>,
                  "tfx: keras::padding knows no such word: it is valid, same or, for sequences, causal");
  };
};
/// `padding<"same">`: as much around the input that there is a window for each stride; `"valid"`: nothing; `"causal"`:
/// of sequences all of it before the first step.
template <tfx::name Name>
inline constexpr word<padding_word, named_as<Name>> padding{};
template <>
struct stands_for<padding_word, named_as<"valid">> : static_argument<detail::padding_tag, window_padding::valid> {};
template <>
struct stands_for<padding_word, named_as<"same">> : static_argument<detail::padding_tag, window_padding::same> {};
template <>
struct stands_for<padding_word, named_as<"causal">> : static_argument<detail::padding_tag, window_padding::causal> {};

struct data_format_word {
  template <class Word>
  struct refusal {
    using tag = detail::data_format_tag;
    static constexpr bool value = true;
    static_assert(is_word<data_format_word, Word>,
                  "tfx: keras::data_format is channels_last: transpose images whose channels come first");
  };
};
/// `data_format<"channels_last">`: [batch, …, channels], the one that there is.
template <tfx::name Name>
inline constexpr word<data_format_word, named_as<Name>> data_format{};
template <>
struct stands_for<data_format_word, named_as<"channels_last">> : static_argument<detail::data_format_tag, true> {};

/// What stands in a layer's angle brackets behind what it must be told: sizes, and last its name:
/// `Conv2D<16, 3, 5, "first">`.
template <std::size_t N>
struct size_or_name {
  i64 size = 0;
  name<N> text{};
  template <class Number>
    requires std::is_integral_v<Number>
  constexpr size_or_name(Number s) : size(static_cast<i64>(s)) {}      // NOLINT: a number is a size
  constexpr size_or_name(char const (&literal)[N]) : text(literal) {}  // NOLINT: a literal is a name
  static constexpr bool is_name = N > 1;
};
template <class Number>
  requires std::is_integral_v<Number>
size_or_name(Number) -> size_or_name<1>;
template <std::size_t N>
size_or_name(char const (&)[N]) -> size_or_name<N>;

namespace detail {
/// The sizes and the name of such a list.
template <size_or_name... Told>
struct told {
  static constexpr auto last = (size_or_name<1>(0), ..., Told);
  static constexpr auto name = last.text;
  static constexpr int count = static_cast<int>(sizeof...(Told)) - (name.size() > 0 ? 1 : 0);
  static_assert((0 + ... + (Told.is_name ? 1 : 0)) == (name.size() > 0 ? 1 : 0),
                "tfx: a layer's name is the last of what stands in its angle brackets");
  static constexpr i64 size(int i) {
    constexpr i64 all[] = {Told.size..., 0};
    return all[i];
  }
  static constexpr bool are_at_least(i64 least) {
    for (int i = 0; i < count; ++i)
      if (size(i) < least) return false;
    return true;
  }
};

/// As many numbers as there are axes, where one that is told is that of every axis.
template <template <i64...> class To, int Rank, class Numbers>
struct spread_over_axes;
template <template <i64...> class To, int Rank, i64... N>
struct spread_over_axes<To, Rank, words<N...>> {
  static_assert(sizeof...(N) == 1 || sizeof...(N) == Rank,
                "tfx: sizes, strides and dilations of a layer are one number for all axes, or one for each");
  static constexpr i64 at(std::size_t i) {
    constexpr i64 all[] = {N...};
    return all[sizeof...(N) == 1 ? 0 : i];
  }
  template <std::size_t... I>
  static To<at(I)...> make(std::index_sequence<I...>);
  using type = decltype(make(std::make_index_sequence<static_cast<std::size_t>(Rank)>{}));
};
template <class Numbers>
struct as_words;
template <template <i64...> class Numbers, i64... N>
struct as_words<Numbers<N...>> {
  using type = words<N...>;
};
template <class Tag, i64... N>
struct as_words<numbers_for_axes<Tag, N...>> {
  using type = words<N...>;
};
template <class Told, int Default, class Sequence = std::make_integer_sequence<int, Told::count>>
struct told_sizes;
template <class Told, int Default, int... I>
struct told_sizes<Told, Default, std::integer_sequence<int, I...>> {
  using type = words<Told::size(I)...>;
};
template <class Told, int Default>
struct told_sizes<Told, Default, std::integer_sequence<int>> {
  using type = words<Default>;
};
/// The size of a window along each axis, as it is told, or else `Default`.
template <int Rank, class Told, int Default>
using window_size = typename spread_over_axes<ksize_t, Rank, typename told_sizes<Told, Default>::type>::type;

/// How much lies before and after each axis: told once for all, once for each axis, or side by side.
template <int Rank, class Told, int Default,
          class Sequence = std::make_index_sequence<static_cast<std::size_t>(2 * Rank)>>
struct sides_told;
template <int Rank, class Told, int Default, std::size_t... I>
struct sides_told<Rank, Told, Default, std::index_sequence<I...>> {
  static constexpr int count = Told::count;
  static_assert(count <= 1 || count == Rank || count == 2 * Rank,
                "tfx: what is cut off or added is one number for all sides, one for each axis, or one for each side");
  static_assert(Told::are_at_least(0), "tfx: not less than nothing is cut off or added");
  static constexpr i64 at(int side) {
    if (count == 0) return Default;
    return Told::size(count == 1 ? 0 : count == Rank ? side / 2 : side);
  }
  using type = words<at(static_cast<int>(I))...>;
};
template <int Rank, class Told, int Default>
using sides_of_axes = typename sides_told<Rank, Told, Default>::type;

/// What an argument says of each axis; `Default` where there is none.
template <template <i64...> class To, int Rank, class Arguments, class Tag, class Default>
using argument_for_axes = typename spread_over_axes<
    To, Rank,
    typename as_words<
        std::conditional_t<Arguments::template has<Tag>, typename Arguments::template type<Tag>, Default>>::type>::type;

/// What TensorFlow's ops are told of the padding.
template <window_padding Padding>
constexpr auto op_padding() {
  static_assert(Padding != window_padding::causal,
                "tfx: keras::padding<\"causal\"> is of Conv1D and SeparableConv1D alone");
  if constexpr (Padding == window_padding::same) {
    return tfx::padding::SAME;
  } else {
    return tfx::padding::VALID;
  }
}

/// `Conv` of two axes is a `Conv2D`.
template <name Stem, int Rank>
constexpr auto kind_of_rank() {
  name<Stem.size() + 3> kind;
  for (std::size_t i = 0; i < Stem.size(); ++i) kind.text[i] = Stem.text[i];
  kind.text[Stem.size()] = static_cast<char>('0' + Rank);
  kind.text[Stem.size() + 1] = 'D';
  return kind;
}
/// Refuses what is not [batch, …, channels] with `Rank` axes in between.
template <name Kind, int Rank, class X>
constexpr void check_rank() {
  if constexpr (X::shape_type::rank != Rank + 2) {
    static_cast<void>(sizeof(layer_expects_an_input_of_rank<named_as<Kind>, Rank + 2, typename X::shape_type>));
  }
}
/// How many channels an input has.
template <name Kind, int Rank, class X>
constexpr i64 channels_of() {
  check_rank<Kind, Rank, X>();
  constexpr dims shape = X::shape_type::value;
  if constexpr (shape.rank > 0 && shape[shape.rank - 1] < 0) {
    static_cast<void>(
        sizeof(the_channel_dimension_of_the_inputs_should_be_defined<named_as<Kind>, typename X::shape_type>));
  }
  return shape[shape.rank - 1];
}
}  // namespace detail

}  // namespace keras
TFX_END
