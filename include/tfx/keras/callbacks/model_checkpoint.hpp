// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tfx/keras/callbacks/monitor.hpp>

TFX_BEGIN
namespace keras::callbacks {
namespace detail {

[[noreturn]] [[gnu::cold]] [[gnu::noinline]] inline void refuse_field(std::string const& path,
                                                                      std::string const& field) {
  raise<errors::InvalidArgumentError>(
      "ModelCheckpoint: '{%s}' in %s: it is {epoch:02d} or a value of the epoch, "
      "{val_loss:.2f}",
      field.c_str(), path.c_str());
}
/// One field in Python's format, `epoch:02d`, `val_loss:.2f`: a width, with 0 before what is shorter, a precision, and
/// of d, f, e and g one.
[[gnu::noinline]] inline std::string format_field(std::string const& path, std::string const& field, int epoch,
                                                  logs const& all) {
  std::size_t const colon = field.find(':');
  std::string const name = field.substr(0, colon), format = colon < field.size() ? field.substr(colon + 1) : "";
  bool const is_epoch = name == "epoch";
  double const* const value = is_epoch ? nullptr : all.find(name);
  if (!is_epoch && !value) refuse_field(path, field);
  if (format.empty()) return is_epoch ? std::to_string(epoch) : number_text(*value);
  char const kind = format.back();
  bool const has_kind = kind < '0' || kind > '9';
  std::string const shape = format.substr(0, format.size() - (has_kind ? 1 : 0));
  if (shape.find_first_not_of("0123456789.") != std::string::npos || shape.size() > 6 ||
      shape.find('.') != shape.rfind('.'))
    refuse_field(path, field);
  char text[512];
  if (is_epoch && (!has_kind || kind == 'd') && shape.find('.') == std::string::npos) {
    std::snprintf(text, sizeof text, ("%" + shape + "d").c_str(), epoch);
  } else if (has_kind && std::string_view("feg").find(kind) != std::string_view::npos) {
    std::snprintf(text, sizeof text, ("%" + shape + kind).c_str(), is_epoch ? static_cast<double>(epoch) : *value);
  } else {
    refuse_field(path, field);
  }
  return text;
}
/// A path whose `{epoch:02d}` and `{val_loss:.2f}` stand for an epoch's values, as str.format does; epochs count
/// from 1.
[[gnu::noinline]] inline std::string format_path(std::string const& path, int epoch, logs const& all) {
  std::string text;
  for (std::size_t i = 0; i < path.size(); ++i) {
    bool const is_double = i + 1 < path.size() && path[i + 1] == path[i];
    if ((path[i] == '{' || path[i] == '}') && is_double) {
      text += path[i++];
    } else if (path[i] == '{') {
      std::size_t const end = path.find('}', i);
      if (end == std::string::npos) refuse_field(path, path.substr(i + 1));
      text += format_field(path, path.substr(i + 1, end - i - 1), epoch, all);
      i = end;
    } else {
      text += path[i];
    }
  }
  return text;
}
}  // namespace detail

struct model_checkpoint_options {
  std::string monitor = "val_loss";
  bool save_best_only = false;     // only where the value has become better
  bool save_weights_only = false;  // without what the optimizer keeps
  std::string mode = "auto";       // "min", "max"; "auto" is max where the name tells of an accuracy
  int period = 1;                  // after each so many epochs
  int verbose = 0;
};
/// Saves the model at the end of epochs (python/keras/callbacks.py): `ModelCheckpoint("best", {.save_best_only =
/// true})`, `ModelCheckpoint("weights.{epoch:02d}-{val_loss:.2f}.npz")`. A file, or TensorFlow's checkpoint, appears as
/// a whole or not at all; model.load_weights reads it, and trainer.load, which goes on where training was, unless only
/// weights were saved. InvalidArgumentError for a field of the path that is no value, and for another mode; where there
/// is nothing to tell the best by, it warns on stderr, once, and saves nothing.
class ModelCheckpoint : public Callback {
 public:
  explicit ModelCheckpoint(std::string const& path, model_checkpoint_options const& options = {})
      : path_(path),
        options_(options),
        monitor_("ModelCheckpoint", options.monitor, options.mode),
        best_(monitor_.worst()) {
    if (options.period < 1)
      raise<errors::InvalidArgumentError>("ModelCheckpoint: period must be at least 1: %d", options.period);
  }

  void on_epoch_end(int epoch, logs const& all, training_run& run) override {
    if (++epochs_since_last_save_ < options_.period) return;
    epochs_since_last_save_ = 0;
    std::string const path = detail::format_path(path_, epoch + 1, all);
    bool const tells = options_.verbose > 0;
    if (options_.save_best_only) {
      double const* const current =
          monitor_.find(all, "Can save best model only with %s available, skipping. Available metrics are: %s");
      if (!current) return;
      if (!monitor_.is_better(*current, best_)) {
        if (tells) std::printf("\nEpoch %05d: %s did not improve from %0.5f\n", epoch + 1, name(), best_);
        return;
      }
      if (tells)
        std::printf("\nEpoch %05d: %s improved from %0.5f to %0.5f, saving model to %s\n", epoch + 1, name(), best_,
                    *current, path.c_str());
      best_ = *current;
    } else if (tells) {
      std::printf("\nEpoch %05d: saving model to %s\n", epoch + 1, path.c_str());
    }
    if (options_.save_weights_only) {
      run.save_weights(path);
    } else {
      run.save(path);
    }
  }

 private:
  std::string path_;
  model_checkpoint_options options_;
  detail::monitor monitor_;
  double best_;
  int epochs_since_last_save_ = 0;

  char const* name() const { return options_.monitor.c_str(); }
};

}  // namespace keras::callbacks
TFX_END
