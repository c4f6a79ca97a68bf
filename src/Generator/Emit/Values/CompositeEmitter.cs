using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit.Values;

/// <summary>Emits the methods of a codec that write, read and copy the collections and records among its values.</summary>
internal static class CompositeEmitter
{
    private const string Generic = "where TBuffer : class, global::System.Buffers.IBufferWriter<byte>";

    private delegate void Emitter(CodeWriter code, ValueModel value, CodecMethods methods);

    /// <summary>Emits the methods.</summary>
    /// <param name="withCopies">Whether values are also copied, as for state.</param>
    /// <param name="whole">A value that the codec writes and reads itself; null if there is none.</param>
    public static void Emit(CodeWriter code, CodecMethods methods, bool withCopies, ValueModel? whole = null)
    {
        foreach (var value in methods.Values)
        {
            if (!ReferenceEquals(value, whole))
            {
                Emit(code, value, methods, withCopies);
            }

            if (value.Kind == ValueKind.Record)
            {
                RecordEmitter.Fields(code, value, methods);
            }
        }
    }

    /// <summary>Emits the statements that write the variable <c>value</c>.</summary>
    public static void Write(CodeWriter code, ValueModel value, CodecMethods methods) =>
        (value.Kind == ValueKind.Record ? RecordEmitter.Write : (Emitter)CollectionEmitter.Write)(code, value, methods);

    /// <summary>Emits the statements that read a value and return it.</summary>
    public static void Read(CodeWriter code, ValueModel value, CodecMethods methods) =>
        (value.Kind == ValueKind.Record ? RecordEmitter.Read : (Emitter)CollectionEmitter.Read)(code, value, methods);

    /// <summary>Begins a method.</summary>
    /// <param name="isGeneric">Whether it writes to a buffer of any type.</param>
    public static CodeWriter.Block Method(CodeWriter code, string head, bool isGeneric = false)
    {
        code.Line(head);
        if (isGeneric)
        {
            using (code.Indent())
            {
                code.Line(Generic);
            }
        }

        return code.Braces();
    }

    private static void Emit(CodeWriter code, ValueModel value, CodecMethods methods, bool withCopies)
    {
        var parameter = $"{(value.Record is { IsClass: false } ? "in " : "")}{value.Type} value";
        if (!methods.IsOnlyRead(value))
        {
            code.Line();
            using (Method(
                code,
                $"private static void {methods.Write(value)}<TBuffer>(ref global::MemoryPack.MemoryPackWriter<TBuffer> writer, {parameter})",
                isGeneric: true))
            {
                Write(code, value, methods);
            }
        }

        code.Line();
        using (Method(code, $"private static {value.Type} {methods.Read(value)}(ref global::MemoryPack.MemoryPackReader reader)"))
        {
            Read(code, value, methods);
        }

        if (withCopies && value.IsShared && !methods.IsOnlyRead(value))
        {
            code.Line();
            using (Method(code, $"private static {value.Type} {methods.Detach(value)}({parameter})"))
            {
                (value.Kind == ValueKind.Record ? RecordEmitter.Detach : (Emitter)CollectionEmitter.Detach)(code, value, methods);
            }
        }
    }
}
