// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <ctime>
#include <tfx/io/checkpoint_state.hpp>
#include <tfx/train/checkpoint.hpp>

TFX_BEGIN

namespace train {

/// A variable under the name that a file has it under: `{"old/weights", w}`.
template <class Text>
struct basic_saved_as : detail::named_tensor<Text> {
  template <class T, class Shape, u64 Hash>
  basic_saved_as(std::string_view in_file, variable_t<T, Shape, Hash> const&)
      : detail::named_tensor<Text>{Text(in_file), detail::saved_variables<Hash>::list.all[0]} {
    detail::check_saved_variables<Hash>();
  }
};
using saved_as = basic_saved_as<std::string>;

/// Saves variables of a session to files, and restores them: `Saver saver(w, b)`, or of any expressions, every variable
/// that they reach, `Saver(train)` with all that the optimizer keeps. A path that ends in `.npz` or `.safetensors` is
/// one file of that format; else it is the prefix of TensorFlow's, `path.index` and `path.data-00000-of-00001`. Only
/// `.safetensors` has no checksum: a byte that changed in its values is read as another number.
///
/// A file appears as a whole or not at all, and a file is read and checked as a whole before anything in the session
/// changes. Where random ops stand is no part of it, as in TensorFlow: in another session their streams begin anew,
/// unless `Session::set_random_seed` sets them by the number of the step.
template <class Text>
class basic_saver {
 public:
  /// How many of the newest checkpoints stay; 0 keeps all.
  int max_to_keep = 5;
  /// Of those that would go, one stays for each such span of time.
  double keep_checkpoint_every_n_hours = 10000;

  template <typed_expression... X>
    requires(sizeof...(X) > 0)
  explicit basic_saver(X const&...) {
    constexpr u64 root = detail::saved_root<X...>;
    detail::check_saved_variables<root>();
    add(detail::saved_variables<root>::list.all, detail::saved_variables<root>::count);
  }
  /// Some variables, each under a name in the file: `Saver saver({{"old/weights", w}, {"b", b}})`.
  basic_saver(std::initializer_list<basic_saved_as<Text>> variables) {
    for (basic_saved_as<Text> const& v : variables) add(v);
  }

  /// Saves to `path`, and tells in the folder's file `checkpoint` that this is the newest one there. The result is the
  /// path. FailedPreconditionError where a variable has no value, NotFoundError where there is no such folder,
  /// InvalidArgumentError for a path without a file's name.
  Text save(Session& session, Text const& path) {
    write(detail::state_of(session), path);
    return path;
  }
  /// The same with the number of a step: to `path-100`, or `path-100.npz`.
  template <std::integral Step>
  Text save(Session& session, Text const& path, Step global_step) {
    return save(session, with_step(path, static_cast<i64>(global_step)));
  }
  template <typed_expression Step>
  Text save(Session& session, Text const& path, Step const& global_step) {
    return save(session, path, static_cast<i64>(session.run(global_step)));
  }

  /// Sets the variables to what was saved, in the place of their initializers; a shape that a variable's type leaves
  /// open becomes the file's. NotFoundError where there is no file or it lacks a variable, InvalidArgumentError where
  /// a dtype or a shape is another, DataLossError where a file is damaged.
  void restore(Session& session, Text const& path) const {
    session_state& state = detail::state_of(session);
    if (path.empty()) raise<errors::InvalidArgumentError>("Can't load save_path when it is empty.");
    if (!io::has_tensors(path))
      raise<errors::NotFoundError>("The passed save_path is not a valid checkpoint: %s", path.c_str());
    detail::restored_variables<Text>(state, variables_, path).run();
  }

  /// What this saver wrote and did not remove, the oldest first.
  std::vector<Text> last_checkpoints() const {
    std::vector<Text> paths;
    for (kept const& k : kept_) paths.push_back(k.path);
    return paths;
  }
  /// Takes over the checkpoints that a folder's file `checkpoint` tells, those of an earlier program: they count as
  /// written by this saver, now.
  void recover_last_checkpoints(Text const& folder) {
    vector<Text> removed;
    for (Text const& name : io::read_checkpoint_state(folder).all_model_checkpoint_paths) {
      Text const path = name[0] == '/' || folder.empty() ? name : folder + (folder.back() == '/' ? "" : "/") + name;
      if (io::has_tensors(path)) note(path, removed);
    }
    for (Text const& old : removed) io::remove_tensors(old);
  }

 private:
  struct kept {
    Text path;
    double time;
  };
  vector<detail::named_tensor<Text>> variables_;
  vector<kept> kept_;
  double kept_for_good_ = static_cast<double>(std::time(nullptr));  // when the last one was written that stays

  void add(saved_variable const* variables, int count) {
    for (int i = 0; i < count; ++i) add({Text(variables[i].name), variables[i]});
  }
  void add(detail::named_tensor<Text> const& added) {
    for (detail::named_tensor<Text> const& known : variables_)
      if (known.name == added.name)
        raise<errors::InvalidArgumentError>("At least two variables have the same name: %s", added.name.c_str());
    variables_.push_back(added);
  }
  static void check_path(Text const& path) {
    std::size_t const end = io::detail::stem_size(path);
    if (end == 0 || path[end - 1] == '/')
      raise<errors::InvalidArgumentError>("Can't save to '%s': a path ends in the name of a file.", path.c_str());
  }
  static Text with_step(Text const& path, i64 step) {
    check_path(path);
    std::size_t const end = io::detail::stem_size(path);
    return path.substr(0, end) + "-" + std::to_string(step) + path.substr(end);
  }

  void write(session_state& state, Text const& path) {
    check_path(path);
    Text const folder = io::folder_of(path);
    if (!io::exists(folder))
      raise<errors::NotFoundError>("Parent directory of %s doesn't exist, can't save.", path.c_str());
    detail::save_variables(state, variables_, path);
    vector<Text> removed;
    note(path, removed);
    io::basic_checkpoint_state<Text> newest{name_of(path)};
    for (kept const& k : kept_)
      if (io::folder_of(k.path) == folder) newest.all_model_checkpoint_paths.push_back(name_of(k.path));
    if (kept_.empty()) newest.all_model_checkpoint_paths.push_back(newest.model_checkpoint_path);
    io::write_checkpoint_state(folder, newest);
    for (Text const& old : removed) io::remove_tensors(old);
  }
  static Text name_of(Text const& path) { return path.substr(path.rfind('/') + 1); }
  void note(Text const& path, vector<Text>& removed) {
    if (max_to_keep <= 0) return;
    vector<kept> later;
    for (kept const& k : kept_)
      if (k.path != path) later.push_back(k);
    later.push_back({path, static_cast<double>(std::time(nullptr))});
    int const too_many = later.size() > max_to_keep ? later.size() - max_to_keep : 0;
    kept_.clear();
    for (int i = 0; i < later.size(); ++i) {
      if (i >= too_many) {
        kept_.push_back(later[i]);
      } else if (later[i].time - kept_for_good_ >= 3600 * keep_checkpoint_every_n_hours) {
        kept_for_good_ = later[i].time;
      } else {
        removed.push_back(later[i].path);
      }
    }
  }
};
using Saver = basic_saver<std::string>;

/// The newest checkpoint in a folder, as its file `checkpoint` tells; empty where there is none.
template <class Text = std::string>
Text latest_checkpoint(std::string const& folder) {
  Text path = io::read_checkpoint_state(folder).model_checkpoint_path;
  if (path.empty()) return path;
  if (path[0] != '/' && !folder.empty()) path = folder + (folder.back() == '/' ? "" : "/") + path;
  return io::has_tensors(path) ? path : "";
}

/// Name, dtype and shape of all that a checkpoint holds, sorted by name.
template <class Text = std::string>
vector<io::basic_stored_tensor<Text>> list_variables(std::string const& path) {
  return io::open_tensors<Text>(path)->tensors();
}
/// One variable of a checkpoint, without a session: `load_variable<float, 2>(path, "w")`.
template <element T, int Rank, class Text = std::string>
fetched<T, Rank> load_variable(std::string const& path, std::string const& name) {
  auto const file = io::open_tensors<Text>(path);
  io::basic_stored_tensor<Text> const* const found = file->find(name);
  detail::check_loaded(found, dtype_of<T>, Rank, name, path);
  auto const count = static_cast<std::size_t>(found->shape.count());
  std::unique_ptr<T[]> const values(new T[count > 0 ? count : 1]());
  file->read(*found, values.get());
  return detail::fetch_value<T, Rank>(values.get(), found->shape.extent);
}

}  // namespace train

TFX_END
