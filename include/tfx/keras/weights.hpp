// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/tensor_file.hpp>
#include <tfx/keras/model_facts.hpp>
#include <tfx/keras/rows.hpp>
#include <tfx/session/state.hpp>
#include <tfx/shape/extents_text.hpp>
#include <tfx/tensor/value.hpp>
#include <tfx/train/saved_variables.hpp>

TFX_BEGIN
namespace keras::detail {

/// A weight's value in a session.
[[gnu::noinline]] inline void* memory_of(session_state const& session, saved_variable const& weight) {
  variable_state const* const state = session.find(weight.key);
  if (!state || !state->initialized)
    raise<errors::FailedPreconditionError>("Attempting to use uninitialized value %.*s",
                                           static_cast<int>(weight.name.size()), weight.name.data());
  return state->memory.data();
}
[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_weight(saved_variable const& weight,
                                                                       dims const& given) {
  raise<errors::InvalidArgumentError>("set_weights: weight %.*s is of shape %s, and the array of shape %s",
                                      static_cast<int>(weight.name.size()), weight.name.data(),
                                      tfx::detail::extents_text(weight.shape.rank, weight.shape.extent).text,
                                      tfx::detail::extents_text(given.rank, given.extent).text);
}
/// A value for a weight, in its dtype and in rows.
template <class T>
struct weight_value {
  std::vector<T> values;

  template <class V>
  weight_value(V const& value, saved_variable const& weight) {
    dims given;
    auto const shape = tfx::detail::value_traits<V>::shape_of(value);
    for (int k = 0; k < shape.rank && k < max_rank; ++k) given.push_back(shape.extent[k]);
    if (!(given == weight.shape)) refuse_weight(weight, given);
    values.resize(static_cast<std::size_t>(given.count()));
    tfx::detail::convert_value(value, values.data(), weight.name);
  }
};

/// The weights of a model in a session.
template <class Facts, class Indices>
struct model_weights;
template <class Facts, std::size_t... I>
struct model_weights<Facts, std::index_sequence<I...>> {
  template <std::size_t K>
  using value_type = type_of<Facts::facts.weights[K].type>;
  template <std::size_t K>
  static constexpr int rank = Facts::facts.weights[K].shape.rank;

  static std::tuple<fetched<value_type<I>, rank<I>>...> get(session_state const& session) {
    return {tfx::detail::fetch_value<value_type<I>, rank<I>>(memory_of(session, Facts::facts.weights[I]),
                                                             Facts::facts.weights[I].shape.extent)...};
  }
  template <class... V>
  static void set(session_state const& session, std::tuple<V...> const& values) {
    void* const memory[] = {memory_of(session, Facts::facts.weights[I])..., nullptr};
    std::tuple<weight_value<value_type<I>>...> const checked{{std::get<I>(values), Facts::facts.weights[I]}...};
    auto const put = [&](auto const& from, void* to) {
      if (!from.values.empty()) std::memcpy(to, from.values.data(), from.values.size() * sizeof(from.values[0]));
    };
    (put(std::get<I>(checked), memory[I]), ...);
  }
};

/// Refuses a file that holds weights of another model: tensors that are neither these variables nor what is kept beside
/// them, an optimizer's numbers and slots, `dense/kernel/Adam`, and states, `lstm/state_0`.
template <class Text>
[[gnu::noinline]] void refuse_other_weights(char const* call, saved_variable const* variables, int count,
                                            Text const& path) {
  if (!io::has_tensors(path)) return;
  auto const file = io::open_tensors<Text>(path);
  for (io::basic_stored_tensor<Text> const& found : file->tensors()) {
    std::string_view const name = found.name;
    bool known = found.shape.rank == 0 || name.substr(name.rfind('/') + 1).starts_with("state_");
    for (int i = 0; i < count && !known; ++i) {
      std::string_view const own = variables[i].name;
      known = name.starts_with(own) && (name.size() == own.size() || name[own.size()] == '/');
    }
    if (!known)
      raise<errors::InvalidArgumentError>(
          "%s: %s holds weights of another model: this one has no %s\n"
          "help: a train::Saver of a model's output restores some of a file's weights",
          call, path.c_str(), found.name.c_str());
  }
}
/// The same where the variables are those that these expressions reach.
template <class... X>
void refuse_other_weights(char const* call, std::string const& path) {
  using saved = tfx::detail::saved_variables<tfx::detail::saved_root<X...>>;
  refuse_other_weights(call, saved::list.all, saved::count, path);
}

/// The class that each row of probabilities names.
template <class Array>
auto classes_of_rows(Array const& probabilities) {
  constexpr std::size_t rank = std::tuple_size_v<std::remove_cvref_t<decltype(probabilities.shape())>>;
  std::size_t const width = probabilities.shape()[rank - 1];
  std::array<std::size_t, (rank > 1 ? rank - 1 : 1)> shape{};
  for (std::size_t k = 0; k + 1 < rank; ++k) shape[k] = probabilities.shape()[k];
  row_major_tensor<i64, (rank > 1 ? rank - 1 : 1)> classes(shape);
  auto const* p = probabilities.data();
  for (std::size_t i = 0; i < classes.size(); ++i, p += width) {
    std::size_t best = 0;
    for (std::size_t k = 1; k < width; ++k)
      if (p[k] > p[best]) best = k;
    classes.data()[i] = width == 1 ? (p[0] > 0.5 ? 1 : 0) : static_cast<i64>(best);
  }
  return classes;
}

}  // namespace keras::detail
TFX_END
