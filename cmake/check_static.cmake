# Run as a script: cmake -D PROGRAM=… -D READELF=… -P check_static.cmake
# Fails unless the program needs neither a loader nor a shared library, and starts; removes it then.
execute_process(COMMAND "${READELF}" -lW "${PROGRAM}" OUTPUT_VARIABLE segments COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${READELF}" -SW "${PROGRAM}" OUTPUT_VARIABLE sections COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${READELF}" -dW "${PROGRAM}" OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
# Without a runtime to serve it says so and ends with 1.
execute_process(COMMAND "${CMAKE_COMMAND}" -E env --unset=AWS_LAMBDA_RUNTIME_API "${PROGRAM}"
                RESULT_VARIABLE ended ERROR_VARIABLE said)
if(segments MATCHES "INTERP" OR sections MATCHES "\\.dynsym" OR dynamic MATCHES "NEEDED"
   OR NOT ended EQUAL 1 OR NOT said MATCHES "function_not_started")
  file(REMOVE "${PROGRAM}")
  message(FATAL_ERROR "${PROGRAM} is not a static program that starts: Lambda could not run it (${ended})")
endif()
