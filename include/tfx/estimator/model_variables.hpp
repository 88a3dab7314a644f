// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/train/saver.hpp>

TFX_BEGIN
namespace estimator::detail {

/// Which of the variables that expressions reach are local, in the order of saved_variables: no checkpoint has them.
template <u64 Root>
struct local_variables {
  bool is_local[tfx::detail::saved_variables<Root>::count + 1] = {};
  constexpr local_variables() {
    tfx::detail::reached_variables const found(*lookup(key<Root>{}));
    for (int i = 0; i < found.list.size(); ++i) is_local[i] = role_of(*found.list.items[i]) == variable_role::local;
  }
};
template <u64 Root>
inline constexpr local_variables<Root> kept_local_variables{};

using variable_list = vector<tfx::detail::named_tensor<std::string>>;

[[gnu::noinline]] inline variable_list list_variables(saved_variable const* all, bool const* is_local, int count) {
  variable_list list;
  for (int i = 0; i < count; ++i)
    if (!is_local[i]) list.push_back({std::string(all[i].name), all[i]});
  return list;
}
/// The variables of a model: all that these expressions reach, but for local ones.
template <class... X>
variable_list model_variables(X const&...) {
  constexpr u64 root = tfx::detail::saved_root<X...>;
  tfx::detail::check_saved_variables<root>();
  return list_variables(tfx::detail::saved_variables<root>::list.all, kept_local_variables<root>.is_local,
                        tfx::detail::saved_variables<root>::count);
}
[[gnu::noinline]] inline void restore(Session& session, variable_list const& variables, std::string const& path) {
  if (!io::has_tensors(path))
    raise<errors::NotFoundError>("The passed save_path is not a valid checkpoint: %s", path.c_str());
  tfx::detail::restored_variables<std::string>(tfx::detail::state_of(session), variables, path).run();
}

/// The variable global_step in a session: its number, which a step changes.
template <class Steps>
i64 const* global_step_of(Session& session, Steps const&) {
  constexpr u64 key_of_steps = variable_key(meaning(*lookup(key<Steps::hash>{})));
  variable_state const* const state = tfx::detail::state_of(session).find(key_of_steps);
  return static_cast<i64 const*>(state->memory.data());
}

}  // namespace estimator::detail
TFX_END
