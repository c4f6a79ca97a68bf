using Penstock.Checkpoints;
using Penstock.Files;

namespace Penstock.S3.Tests;

/// <summary>A folder keeps the promises of a storage.</summary>
public sealed class FolderStorageTests : StorageContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private protected override Task<ICheckpointStorage> OpenAsync()
    {
        var storage = new FolderStorage(new LocalFileSystem(), Path.Combine(_folder, "checkpoints"), "Test");
        storage.Open();
        return Task.FromResult<ICheckpointStorage>(storage);
    }
}
