using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Penstock.Sources.Files;

/// <summary>
/// The files that were read completely, as checksums of their paths and fingerprints: 24 bytes each. Files that are no longer listed are
/// removed, so the size depends only on the existing files.
/// </summary>
internal sealed class CompletedFiles
{
    /// <summary>The length of one entry, in bytes.</summary>
    public const int EntryLength = 24;

    private readonly Dictionary<UInt128, ulong> _files = [];
    private byte[]? _encoded;

    /// <summary>Returns the key of a path.</summary>
    public static UInt128 KeyOf(string path) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(path));

    /// <summary>Determines whether a file was read and, if so, whether it is still the same.</summary>
    public bool Contains(UInt128 path, string fingerprint, out bool isSame)
    {
        var isThere = _files.TryGetValue(path, out var known);
        isSame = known == Checksum(fingerprint);
        return isThere;
    }

    public void Add(UInt128 path, string fingerprint)
    {
        _files[path] = Checksum(fingerprint);
        _encoded = null;
    }

    /// <summary>Removes all files but these.</summary>
    public void Keep(HashSet<UInt128> listed)
    {
        foreach (var path in _files.Keys)
        {
            if (!listed.Contains(path))
            {
                _files.Remove(path);
                _encoded = null;
            }
        }
    }

    /// <summary>
    /// Returns the entries in the form of the checkpoint. Cached until something changes, since checkpoints are more frequent than files.
    /// </summary>
    public ReadOnlySpan<byte> Save()
    {
        if (_encoded == null)
        {
            _encoded = new byte[_files.Count * EntryLength];
            var at = _encoded.AsSpan();
            foreach (var (path, fingerprint) in _files)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(at, path);
                BinaryPrimitives.WriteUInt64LittleEndian(at[16..], fingerprint);
                at = at[EntryLength..];
            }
        }

        return _encoded;
    }

    public void Restore(ReadOnlySpan<byte> saved)
    {
        for (; saved.Length >= EntryLength; saved = saved[EntryLength..])
        {
            _files[BinaryPrimitives.ReadUInt128LittleEndian(saved)] = BinaryPrimitives.ReadUInt64LittleEndian(saved[16..]);
        }
    }

    private static ulong Checksum(string fingerprint) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(fingerprint));
}
