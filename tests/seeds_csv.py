"""Contents that the CSV reader once got wrong, or nearly: where fuzzing starts."""

from __future__ import annotations

import gzip

__all__ = ["SEEDS"]

SEEDS = [
    b"\xc3\xa9",
    b"tag_a",
    b",tag_a",
    b",tag_a\n\0",
    b",tag_a\n\n,",
    b"a,tag_a\n,",
    b'a,5" pipa\nb,6" pipa\n',
    b'"a\n"b,c\nd,e\n',
    b'"a""b",c\n"""",d\n"","x"\n',
    b'a,b\n"x"y,"z""',
    b'a,b\r"x\r\ny",2\r\r\n3,4',
    b"a,b\r\n1,2\r",
    b"\xef\xbb\xbfa;b\n1;m\xb2\n",
    b"\xff\xfea\0,\0b\0\n\0\0\xd8,\0x\0",
    b"a;b\n1;\xc2\xb2\n2;\xb2\n",
    b"a,b\n1\n1,2,3\n\n,\n",
    b'a|b\n=1|-5\n@x|"- y"\n',
    b'a,b\n"=1","-1,5"\n"-1"x,+\n',
    gzip.compress(b"a,b\n1,2\n", mtime=0),
    gzip.compress(b"a,b\n1,2\n", mtime=0)[:-3],
    b"\x1f\x8b",
    b",tag_a\n\xef\xbb\xbf,\n\xef\xbb\xbf\xef\xbb\xbfx,",
]
