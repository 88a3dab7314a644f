// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/estimator/mode_keys.hpp>
#include <tfx/estimator/numpy_input_fn.hpp>
#include <tfx/graph/expr.hpp>
#include <tfx/graph/leaf_ops.hpp>

TFX_BEGIN
namespace estimator::detail {

/// Rows of an array, any number of them: the first extent is the batch's, the others are as far as its type tells them.
template <class Array>
struct batch_shape {
  static constexpr dims find() {
    dims shape = tfx::detail::value_traits<Array>::shape;
    shape[0] = decltype(dim<"batch">)::extent;
    return shape;
  }
  static constexpr dims value = find();
  static_assert(tfx::detail::note_symbol<dim<"batch">>());
};
template <name Name, class Array>
using batch_placeholder =
    typename tfx::detail::leaf<placeholder_op, Name, typename tfx::detail::value_traits<Array>::value_type,
                               shape_from<batch_shape<Array>>, false>::type;

/// `features_0`, `features_1` and so on.
template <int I>
constexpr auto feature_name() {
  static_assert(I < 100, "tfx: at most 100 arrays of features");
  name<(I < 10 ? 11 : 12)> text;
  std::size_t at = 0;
  for (char const c : std::string_view("features_")) text.text[at++] = c;
  if constexpr (I > 9) text.text[at++] = static_cast<char>('0' + I / 10);
  text.text[at] = static_cast<char>('0' + I % 10);
  return text;
}

/// The placeholders that an input's arrays are fed to.
template <bool Several, bool HasLabels, class Arrays>
struct placeholders;
template <bool Several, bool HasLabels, class... Array>
struct placeholders<Several, HasLabels, tfx::detail::type_box<void(Array...)>> {
  static constexpr int count = static_cast<int>(sizeof...(Array)), feature_count = count - (HasLabels ? 1 : 0);
  using all = std::tuple<Array...>;
  static_assert(feature_count > 0, "tfx: an input has features");
  template <int I>
  using array = std::tuple_element_t<static_cast<std::size_t>(I), all>;

  static constexpr auto features() {
    if constexpr (!Several) {
      return feature<0>();
    } else {
      return make_features(std::make_integer_sequence<int, feature_count>{});
    }
  }
  static constexpr auto labels() {
    if constexpr (HasLabels) {
      return batch_placeholder<"labels", array<count - 1>>{};
    } else {
      return no_labels{};
    }
  }
  /// All that a run is fed, with the labels or without.
  template <bool WithLabels>
  static constexpr auto fed() {
    if constexpr (!WithLabels) {
      return make_features(std::make_integer_sequence<int, feature_count>{});
    } else {
      return std::tuple_cat(make_features(std::make_integer_sequence<int, feature_count>{}), std::tuple(labels()));
    }
  }

 private:
  template <int I>
  static constexpr auto feature() {
    if constexpr (Several) {
      return batch_placeholder<feature_name<I>(), array<I>>{};
    } else {
      return batch_placeholder<"features", array<I>>{};
    }
  }
  template <int... I>
  static constexpr auto make_features(std::integer_sequence<int, I...>) {
    return std::tuple(feature<I>()...);
  }
};

/// Batches that a function of the user's makes: `[&] { return data::Dataset::from_tensor_slices(xs, ys).batch(32); }`,
/// one pass. The last of several arrays is the labels.
template <class Batches>
class made_batches {
 public:
  using value_type = typename Batches::value_type;

  explicit made_batches(Batches&& of) : rows_(static_cast<Batches&&>(of)) { rows_.restart(); }
  bool next(value_type& to) { return rows_.next(to); }

 private:
  Batches rows_;
};
template <class Tuple>
struct arrays_of_tuple;
template <class... X>
struct arrays_of_tuple<std::tuple<X...>> {
  using type = tfx::detail::type_box<void(X...)>;
};

/// What an input function tells: its arrays, and how it is opened.
template <class Input>
struct input_traits {
  using batches = std::invoke_result_t<Input const&>;
  using value_type = typename batches::value_type;
  static constexpr int count = static_cast<int>(std::tuple_size_v<value_type>);
  static constexpr bool has_labels = count > 1;
  using inputs = placeholders<(count > 2), has_labels, typename arrays_of_tuple<value_type>::type>;
  static auto open(Input const& input, i64) { return made_batches<batches>(input()); }
};
template <class Input>
  requires requires { typename Input::arrays; }
struct input_traits<Input> {
  static constexpr bool has_labels = Input::has_labels;
  using inputs = placeholders<Input::several, has_labels, typename Input::arrays>;
  static auto open(Input const& input, i64 begun) { return input.open(begun); }
};
/// What train, evaluate and predict take.
template <class Input>
concept input_function = requires { typename Input::arrays; } ||
                         requires(Input const& input) { typename std::invoke_result_t<Input const&>::value_type; };

}  // namespace estimator::detail
TFX_END
