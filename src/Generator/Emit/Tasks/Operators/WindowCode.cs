using Penstock.Generator.Fusion;
using Penstock.Generator.Operators;
using Penstock.Generator.Plan;
using Penstock.Generator.Text;

namespace Penstock.Generator.Emit;

/// <summary>The code of a task with windows: adding a row to its window, slice or session, and firing windows.</summary>
internal abstract class WindowCode
{
    private readonly Stage _head;
    private readonly OperatorNode _node;
    private readonly CodeWriter _code;
    private readonly TaskNames _names;
    private readonly string _key;
    private readonly string _state;

    protected WindowCode(Stage head, CodeWriter code, TaskNames names)
    {
        _head = head;
        _node = (OperatorNode)head.Node;
        _code = code;
        _names = names;
        _key = names.Pipeline.Key(_node);
        _state = ClassParts.Contract(_node) + ".State";
        Refires = TimeWindowModel.Of(_node).Lateness > 0;
    }

    protected OperatorNode Node => _node;

    protected CodeWriter Code => _code;

    protected TaskNames Names => _names;

    protected string Key => _key;

    protected string State => _state;

    /// <summary>Whether windows fire again for late rows.</summary>
    protected bool Refires { get; }

    /// <summary>Whether the variable with the hash of the key is needed even if the operator has no state outside of windows.</summary>
    protected abstract bool NeedsHash { get; }

    /// <summary>The comment on a row that is added to none.</summary>
    protected abstract string LateComment { get; }

    /// <summary>The type of the variable with the bounds of a window that fires.</summary>
    protected abstract string WindowType { get; }

    /// <summary>Emits the methods of the task that are not called per row.</summary>
    public void EmitMethods()
    {
        EmitWatermark();
        EmitBetween();
        EmitFire();
    }

    /// <summary>Emits the method that fires windows.</summary>
    protected abstract void EmitWatermark();

    /// <summary>Emits further methods.</summary>
    protected virtual void EmitBetween()
    {
    }

    /// <summary>Emits how it is found out whether a row is late.</summary>
    /// <param name="windows">The variable with the windows.</param>
    /// <param name="time">The event time of the row.</param>
    /// <returns>The condition on which it is late.</returns>
    protected abstract string EmitFind(string windows, string time);

    /// <summary>Emits how the state is found to which a row is added.</summary>
    /// <param name="windows">The variable with the windows.</param>
    /// <param name="hash">The hash of the key.</param>
    /// <param name="time">The event time of the row.</param>
    protected abstract void EmitState(string windows, string hash, string time);

    /// <summary>Emits what happens after a row was added.</summary>
    /// <param name="windows">The variable with the windows.</param>
    protected abstract void EmitAdded(string windows);

    /// <summary>The expression for the secret in the hashes of keys, in the method that fires.</summary>
    protected abstract string SecretInFire { get; }

    /// <summary>The arguments, after the key and its hash, with which maps and lists are opened for a row or window.</summary>
    protected abstract string ScopeArguments { get; }

    /// <summary>Emits how a row is added to its window, slice or session.</summary>
    public void EmitRow(RowVariable row, StageEmitter stages)
    {
        var windows = stages.LocalFor(_names.Windows(_node));
        using (_code.Braces($"if ({EmitFind(windows, row.Time)})"))
        {
            _code.Line($"// {LateComment}");
            foreach (var late in _head.SideOutputs)
            {
                stages.EmitAll(late.Next, row);
            }

            if (stages.EndRow([.. _head.SideOutputs.SelectMany(static late => late.WorkingStages())]))
            {
                _code.Line();
            }

            _code.Line("continue;");
        }

        _code.Line();
        _code.Line($"var key = {_key}.Of(in {row.Name});");
        var hash = HasWider || NeedsHash ? "hash" : $"{_key}.Hash(key, secret)";
        if (hash == "hash")
        {
            _code.Line($"var hash = {_key}.Hash(key, secret);");
        }

        EmitState(windows, hash, row.Time);
        EmitWider(stages, row.Time);
        _code.Line(
            $"{ClassParts.Contract(_node)}.Accumulate({stages.LocalFor(_names.Operator(_node))}, in {row.Name}, ref state{KeyState});");
        EmitAdded(windows);
    }

    // Whether there is state outside of the entry of the key and window.
    private bool HasWider => _node.Applied.HasKeyState || _node.Applied.HasCollections;

    private string KeyState => _node.Applied.HasKeyState ? ", ref keyState" : "";

    private void EmitWider(StageEmitter stages, string time)
    {
        if (ClassParts.HasRowTime(_node))
        {
            _code.Line($"{stages.LocalFor(_names.Clock(_node))}.Enter({time});");
        }

        if (_node.Applied.HasKeyState)
        {
            _code.Line($"ref var keyState = ref {stages.LocalFor(_names.KeyTable(_node))}.GetOrAdd(key, hash);");
        }

        if (_node.Applied.HasCollections)
        {
            _code.Line($"{stages.LocalFor(_names.Scope(_node))}.Enter(key, hash{ScopeArguments});");
        }
    }

    private void EmitFire()
    {
        var locals = new Names(["key", "hash", "window", "state", "keyState", "time", "kind", "error"]);
        var stages = new StageEmitter(_code, _names, locals);
        _code.Line();
        _code.Line("/// <summary>Calls the operator for a key and window, and emits the result.</summary>");
        _code.Line(
            $"private void {_names.Fire(_node)}({_key} key, {WindowType} window, ref {_state} state{(Refires ? ", global::Penstock.RowKind kind" : "")})");
        using (_code.Braces())
        {
            using (_code.Braces("try"))
            {
                if (HasWider)
                {
                    _code.Line($"var hash = {_key}.Hash(key, {SecretInFire});");
                    EmitWider(stages, "window.End - 1");
                }

                var fired = stages.Local(_node.Applied.Output, _node.Name, "fired");
                _code.Line(
                    $"var {fired} = {ClassParts.Contract(_node)}.Fire({_names.Operator(_node)}, new global::Penstock.Window<{_node.Key!.Value.Type}>(key.Value, window.Start, window.End), ref state{KeyState});");
                stages.EmitDownstream(_head, new RowVariable(fired, "window.End - 1", Refires ? "kind" : null));
            }

            using (_code.Braces("catch (global::System.Exception error) when (error is not global::Penstock.PipelineException)"))
            {
                _code.Line("throw Failed(error, key.ToString(), Operators);");
            }
        }
    }
}
