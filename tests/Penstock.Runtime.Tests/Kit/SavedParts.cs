using Penstock.Connectors;
using Penstock.State;

namespace Penstock.Runtime.Tests.Kit;

/// <summary>Parts of subtasks as checkpoints save them.</summary>
internal static class SavedParts
{
    public static byte[] BytesOf(IStatePart part) => BytesOf(part.Freeze(all: true));

    public static byte[] BytesOf(IFrozenPart frozen)
    {
        var files = new MemoryFileSystem();
        using (var stream = new StateStream(files.Create("state"), new BlockPool()))
        {
            frozen.Write(stream);
            stream.EndPiece();
            stream.Complete();
        }

        frozen.End();
        using var file = files.OpenRead("state");
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return bytes;
    }
}
