# SPDX-License-Identifier: Apache-2.0
include(FetchContent)

# Whoever adds tfx as a subdirectory links tfx::tfx from a scope of their own, and needs its dependencies there.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)

# A header-only library: the installed package, else its tag from GitHub (headers in `include`, or in the folder given
# last). Imported both times, so its include directory is a system one and its warnings stay away.
function(tfx_header_library name version repository tag)
  find_package(${name} ${version} QUIET)
  set(target ${name})
  if(ARGV4)
    set(target ${ARGV4})
  endif()
  if(TARGET ${target})
    return()
  endif()
  message(STATUS "tfx: no ${name} ${version} here, fetching ${repository} ${tag}")
  # The folder does not exist: only the sources are wanted, not the library's own build.
  FetchContent_Declare(${name} GIT_REPOSITORY ${repository} GIT_TAG ${tag} GIT_SHALLOW ON SOURCE_SUBDIR sources-only)
  FetchContent_MakeAvailable(${name})
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  set(directory ${${name}_SOURCE_DIR}/include)
  if(ARGC GREATER 5)
    set(directory ${${name}_SOURCE_DIR}/${ARGV5})
  endif()
  target_include_directories(${target} INTERFACE ${directory})
  set_property(GLOBAL APPEND PROPERTY TFX_FETCHED ${name})
endfunction()

# The -I and -isystem flags of a target and of what it links, for scripts that call the compiler themselves.
function(tfx_include_flags result)
  set(flags -I${PROJECT_SOURCE_DIR}/include)
  foreach(target IN ITEMS xtl xtensor xsimd)
    get_target_property(directories ${target} INTERFACE_INCLUDE_DIRECTORIES)
    # -isystem /usr/include would hide the C library from libstdc++'s #include_next.
    list(REMOVE_ITEM directories ${CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES})
    foreach(directory IN LISTS directories)
      list(APPEND flags -isystem ${directory})
    endforeach()
  endforeach()
  set(${result} ${flags} PARENT_SCOPE)
endfunction()
