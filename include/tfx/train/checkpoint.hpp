// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/io/tensor_file.hpp>
#include <tfx/session/session.hpp>
#include <tfx/train/saved_variables.hpp>

TFX_BEGIN

// From a session's variables to a file of tensors, and back.
namespace detail {

/// A variable, and the name that a file has it under.
template <class Text>
struct named_tensor {
  Text name;
  saved_variable variable;
};

template <class = void>
[[gnu::noinline]] dims shape_in(variable_state const& state, dims const& declared) {
  dims shape = declared;
  if (!declared.is_static())
    for (int k = 0; k < shape.rank; ++k) shape[k] = state.extents[k];
  return shape;
}
/// Writes the variables' values; one without a value is refused before there is a file.
template <class Text>
[[gnu::noinline]] void save_variables(session_state const& session, vector<named_tensor<Text>> const& variables,
                                      Text const& path) {
  vector<io::tensor_source> tensors;
  for (named_tensor<Text> const& t : variables) {
    variable_state const* const state = session.find(t.variable.key);
    if (!state || !state->initialized)
      raise<errors::FailedPreconditionError>(
          "Attempting to use uninitialized value %.*s\nhelp: run its initializer first, or restore it",
          static_cast<int>(t.variable.name.size()), t.variable.name.data());
    tensors.push_back({t.name, t.variable.type, shape_in(*state, t.variable.shape), state->memory.data()});
  }
  io::write_tensors(path, tensors.begin(), tensors.size());
}

/// What a file holds for one variable.
template <class Text>
struct restored_value {
  io::basic_stored_tensor<Text> const* tensor = nullptr;
  variable_state* state = nullptr;
  aligned_memory memory;
};
/// Variables that a file is to fill. Everything is found, checked and read before anything changes.
template <class Text>
class restored_variables {
  using stored = io::basic_stored_tensor<Text>;

 public:
  restored_variables(session_state& session, vector<named_tensor<Text>> const& variables, Text const& path)
      : session_(session), variables_(variables), path_(path), file_(io::open_tensors(path)) {}

  [[gnu::noinline]] void run() {
    int const count = variables_.size();
    values_.reset(new restored_value<Text>[static_cast<std::size_t>(count)]);
    for (int i = 0; i < count; ++i) values_[i].tensor = find(i);
    check_symbols();
    for (int i = 0; i < count; ++i) {
      void* const to = reserve(variables_[i].variable, values_[i].tensor->shape, values_[i].memory);
      file_->read(*values_[i].tensor, to);
    }
    for (int i = 0; i < count; ++i) values_[i].state = state_of(variables_[i].variable);
    // What follows cannot fail.
    for (int i = 0; i < count; ++i) put(variables_[i].variable, values_[i]);
  }

 private:
  session_state& session_;
  vector<named_tensor<Text>> const& variables_;
  Text const& path_;
  std::unique_ptr<io::basic_tensor_reader<Text>> file_;
  std::unique_ptr<restored_value<Text>[]> values_;  // by variable

  stored const* find(int i) const {
    saved_variable const& v = variables_[i].variable;
    char const* const key = variables_[i].name.c_str();
    stored const* const found = file_->find(variables_[i].name);
    if (!found) raise<errors::NotFoundError>("Key %s not found in checkpoint %s", key, path_.c_str());
    if (found->type == dtype::none)
      raise<errors::UnimplementedError>("Key %s of checkpoint %s has a dtype or a rank that tfx does not have", key,
                                        path_.c_str());
    bool fits = found->type == v.type && found->shape.rank == v.shape.rank;
    for (int k = 0; fits && k < v.shape.rank; ++k) fits = v.shape[k] < 0 || v.shape[k] == found->shape[k];
    if (!fits)
      raise<errors::InvalidArgumentError>(
          "Assign requires dtypes and shapes of both tensors to match: variable '%.*s' is %s %s, and key %s of "
          "checkpoint %s is %s %s",
          static_cast<int>(v.name.size()), v.name.data(), to_string(v.type).data(),
          extents_text(v.shape.rank, v.shape.extent).text, key, path_.c_str(), to_string(found->type).data(),
          extents_text(found->shape.rank, found->shape.extent).text);
    return found;
  }
  // A named extent is one number in all variables.
  void check_symbols() const {
    struct bound {
      i64 symbol, extent;
      int by;
    };
    vector<bound> known;
    for (int i = 0; i < variables_.size(); ++i) {
      dims const &declared = variables_[i].variable.shape, &shape = values_[i].tensor->shape;
      for (int k = 0; k < declared.rank; ++k) {
        if (declared[k] >= dims::name_bound) continue;
        bound const* earlier = nullptr;
        for (bound const& b : known)
          if (b.symbol == declared[k]) earlier = &b;
        if (!earlier) {
          known.push_back({declared[k], shape[k], i});
        } else if (earlier->extent != shape[k]) {
          raise<errors::InvalidArgumentError>(
              "Incompatible shapes: key %s of checkpoint %s is of shape %s, where dimension %d must be the %lld of key "
              "%s",
              variables_[i].name.c_str(), path_.c_str(), extents_text(shape.rank, shape.extent).text, k,
              static_cast<long long>(earlier->extent), variables_[earlier->by].name.c_str());
        }
      }
    }
  }
  // Room for a value, as a run makes it.
  static void* reserve(saved_variable const& v, dims const& shape, aligned_memory& memory) {
    i64 elements = 0;
    if (!io::detail::count_elements(shape, elements)) refuse_size();
    auto const count = static_cast<std::size_t>(elements > 0 ? elements : 1);
    if (v.type == dtype::string) return memory.reserve_texts(count, functions_of_texts<Text>);
    std::size_t const bytes = count * static_cast<std::size_t>(bytes_of(v.type));
    return std::memset(memory.reserve(bytes), 0, bytes);
  }
  variable_state* state_of(saved_variable const& v) {
    if (variable_state* const known = session_.find(v.key)) return known;
    session_.first = new variable_state{v.key, session_.first, false};
    if (v.shape.is_static()) {
      reserve(v, v.shape, session_.first->memory);
    } else {
      reserve(v, {}, session_.first->memory);
    }
    return session_.first;
  }
  // Prepared runs know where a value of a static shape is: it stays there.
  static void put(saved_variable const& v, restored_value<Text>& value) {
    variable_state& state = *value.state;
    dims const& shape = value.tensor->shape;
    if (!v.shape.is_static()) {
      state.memory.swap(value.memory);
      for (int k = 0; k < shape.rank; ++k) state.extents[k] = shape[k];
    } else if (v.type == dtype::string) {
      auto *const to = static_cast<Text*>(state.memory.data()), *from = static_cast<Text*>(value.memory.data());
      for (i64 i = 0; i < shape.count(); ++i) to[i].swap(from[i]);
    } else {
      std::memcpy(state.memory.data(), value.memory.data(), static_cast<std::size_t>(shape.count() * bytes_of(v.type)));
    }
    state.initialized = true;
  }
};

/// Refuses what cannot be loaded as a tensor of that dtype and rank.
template <class Text>
[[gnu::noinline]] void check_loaded(io::basic_stored_tensor<Text> const* found, dtype type, int rank, Text const& key,
                                    Text const& path) {
  if (!found) raise<errors::NotFoundError>("Key %s not found in checkpoint %s", key.c_str(), path.c_str());
  if (found->type != type || found->shape.rank != rank)
    raise<errors::InvalidArgumentError>("Key %s of checkpoint %s is %s %s, and no %s of %d dimensions", key.c_str(),
                                        path.c_str(), to_string(found->type).data(),
                                        extents_text(found->shape.rank, found->shape.extent).text,
                                        to_string(type).data(), rank);
}

}  // namespace detail

TFX_END
