"""The few calls of the Java Native Interface that cannot wait for JPype, or that it does not offer.

JPype needs about a fifth of a second after the virtual machine is there, until it can call Java. The program need not
wait for that: it is started by plain JNI, and JPype gets ready later.

Source: Java Native Interface Specification, chapter 4 (the function table) and chapter 5 (the invocation interface).
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

_FIND_CLASS, _EXCEPTION_DESCRIBE, _EXCEPTION_CLEAR = 6, 16, 17
_GET_OBJECT_CLASS, _GET_METHOD, _CALL_OBJECT = 31, 33, 36
_GET_STATIC_METHOD, _CALL_STATIC_VOID = 113, 143
_NEW_STRING, _NEW_OBJECT_ARRAY, _SET_OBJECT_ARRAY_ELEMENT = 163, 172, 174
_EXCEPTION_CHECK = 228
_VERSION = 0x00010008

_P = ctypes.c_void_p
_I = ctypes.c_int32
_S = ctypes.c_char_p


class Env:
    """A thread's way into Java.

    Args:
        library: the path of the virtual machine's library; a virtual machine runs, and this thread is attached to it.

    Raises:
        RuntimeError: by any method, if Java throws something; its trace goes to stderr.
    """

    def __init__(self, library: str):
        machine, count = _P(), _I()
        ctypes.CDLL(library).JNI_GetCreatedJavaVMs(ctypes.byref(machine), 1, ctypes.byref(count))
        env = _P()
        get_env = ctypes.CFUNCTYPE(_I, _P, ctypes.POINTER(_P), _I)(_table(machine)[6])
        if count.value != 1 or get_env(machine, ctypes.byref(env), _VERSION) != 0:
            raise RuntimeError("this thread is not attached to a Java virtual machine")
        self._env = env
        self._table = _table(env)

    def find_class(self, name: str) -> Any:
        """The class of this name, such as ``java/lang/String``, by the system's class loader."""
        return self._call(_FIND_CLASS, _P, _S(name.encode()))

    def call_static(self, owner: Any, name: str, signature: str, *arguments: Any) -> None:
        """Call a static method that returns nothing, with whole numbers and references."""
        method = self._call(_GET_STATIC_METHOD, _P, _P(owner), _S(name.encode()), _S(signature.encode()))
        values = (ctypes.c_int64 * max(1, len(arguments)))(*arguments)
        self._call(_CALL_STATIC_VOID, None, _P(owner), _P(method), ctypes.cast(values, _P))

    def call_object(self, target: Any, name: str, signature: str) -> Any:
        """Call a method without arguments that returns an object."""
        owner = self._call(_GET_OBJECT_CLASS, _P, _P(target))
        method = self._call(_GET_METHOD, _P, _P(owner), _S(name.encode()), _S(signature.encode()))
        return self._call(_CALL_OBJECT, _P, _P(target), _P(method), _P())

    def string(self, text: str) -> Any:
        """A java.lang.String."""
        units = text.encode("utf-16-le" if _LITTLE else "utf-16-be")
        return self._call(_NEW_STRING, _P, _S(units), _I(len(units) // 2))

    def strings(self, texts: Sequence[str]) -> Any:
        """A java.lang.String[]."""
        array = self._call(_NEW_OBJECT_ARRAY, _P, _I(len(texts)), _P(self.find_class("java/lang/String")), _P())
        for place, text in enumerate(texts):
            self._call(_SET_OBJECT_ARRAY_ELEMENT, None, _P(array), _I(place), _P(self.string(text)))
        return array

    def _call(self, index: int, result: Any, *arguments: Any) -> Any:
        answer = self._raw(index, result, *arguments)
        if self._raw(_EXCEPTION_CHECK, ctypes.c_uint8):
            self._raw(_EXCEPTION_DESCRIBE, None)
            self._raw(_EXCEPTION_CLEAR, None)
            raise RuntimeError("Java threw an exception")
        return answer

    def _raw(self, index: int, result: Any, *arguments: Any) -> Any:
        return ctypes.CFUNCTYPE(result, _P, *map(type, arguments))(self._table[index])(self._env, *arguments)


_LITTLE = ctypes.c_uint16.from_buffer_copy(b"\x01\x00").value == 1


def _table(interface: Any) -> Any:
    """The functions of an interface pointer: it points to a pointer to them."""
    return ctypes.cast(interface, ctypes.POINTER(ctypes.POINTER(_P)))[0]
